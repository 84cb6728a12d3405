// Redrawing a list without exchanging its elements: neither focus nor a press that has just begun gets lost.

/** Shows `items` in this order; `draw(item)` gives an element whose data-key says which one it continues. */
export function showList(list, items, draw) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const wanted = items.map((item) => {
    const fresh = draw(item);
    const kept = known.get(fresh.dataset.key);
    if (kept) become(kept, fresh);
    return kept ?? fresh;
  });
  if (wanted.length === list.children.length && wanted.every((node, index) => node === list.children[index])) return;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  list.replaceChildren(...wanted);
  focused?.focus({ preventScroll: true });
}

/** Gives a node the attributes and content of another; listeners stay those of the node. */
function become(node, fresh) {
  for (const { name } of [...node.attributes]) if (!fresh.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  const [old, other] = [[...node.childNodes], [...fresh.childNodes]];
  if (old.length !== other.length || old.some((child, index) => child.nodeName !== other[index].nodeName)) node.replaceChildren(...other);
  else old.forEach((child, index) => (child.nodeType === Node.ELEMENT_NODE ? become(child, other[index]) : (child.data = other[index].data)));
}
