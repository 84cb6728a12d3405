// Stands around a vendor's script. Evaluated first, in a context of its own for every single call,
// so that nothing a script leaves behind is ever seen by another one. Works with what it took
// before the script could change anything; a script that deceives it deceives only itself, since
// the other side of the pipe reads the answer as untrusted text.
(function () {
  "use strict";
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { defineProperty } = Object;
  const text = String, RealDate = Date, RealPromise = Promise, Syntax = SyntaxError, Type = TypeError;
  const evaluate = eval;
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const search = Function.prototype.call.bind(String.prototype.search);
  const replace = Function.prototype.call.bind(String.prototype.replace);
  const MOST_LINES = 20, LINE = 300;

  // The present is the moment the frame was received: decoding again gives the same again.
  function stopTheClock(now) {
    function StoppedDate(...given) {
      if (!new.target) return text(new RealDate(now));
      const made = given.length ? given : [now];
      return Reflect.construct(RealDate, made, new.target === StoppedDate ? RealDate : new.target);
    }
    StoppedDate.prototype = RealDate.prototype;
    StoppedDate.UTC = RealDate.UTC;
    StoppedDate.parse = RealDate.parse;
    StoppedDate.now = () => now;
    RealDate.prototype.constructor = StoppedDate;
    globalThis.Date = StoppedDate;
    Math.random = () => 0.5;
  }

  function furnish() {
    const silent = () => undefined;
    const names = ["log", "info", "warn", "error", "debug", "trace", "table", "dir", "assert"];
    const console = {};
    for (let at = 0; at < names.length; at++) console[names[at]] = silent;
    const exports = {};
    const offered = { console, exports, module: { exports } };
    for (const name in offered) {
      const value = offered[name];
      defineProperty(globalThis, name, { value, writable: true, configurable: true });
    }
    const unneeded = ["performance", "queueMicrotask", "Atomics", "SharedArrayBuffer", "WeakRef"];
    for (let at = 0; at < unneeded.length; at++) delete globalThis[unneeded[at]];
    delete globalThis.FinalizationRegistry;
  }

  function described(error) {
    try {
      const message = typeof error === "object" && error !== null ? error.message : error;
      return slice(text(message), 0, LINE);
    } catch (_) {
      return "";
    }
  }

  function isA(error, kind) {
    try {
      return error instanceof kind;
    } catch (_) { // a proxy that answers no question
      return false;
    }
  }

  function problem(name, error) {
    const detail = described(error);
    if (error === null) name = "memory"; // there was none left even for the error
    if (detail === "out of memory" || detail === "Maximum call stack size exceeded") name = "memory";
    return stringify({ problem: name, detail });
  }

  const FOUND = "\n;(function () { return {" +
    ["decodeUplink", "Decode", "Decoder", "normalizeUplink"]
      .map((name) => `${name}: typeof ${name} === "function" ? ${name} : undefined`).join(",") +
    "} })()";

  // An ES module's exports are the same functions without the word before them.
  function withoutExports(source) {
    source = replace(source, /^([ \t]*)export\s+default\s+(?=(async\s+)?function\s+\w)/gm, "$1");
    source = replace(source, /^([ \t]*)export\s+default\s+/gm, "$1module.exports = ");
    source = replace(source, /^([ \t]*)export\s*\{[^}]*\}\s*;?/gm, "$1");
    return replace(source, /^([ \t]*)export\s+/gm, "$1");
  }

  function load(source) {
    try {
      return evaluate(source + FOUND);
    } catch (error) {
      if (!isA(error, Syntax) || search(source, /^[ \t]*export\b/m) < 0) throw error;
    }
    return evaluate(withoutExports(source) + FOUND);
  }

  function pick(found, name) {
    if (found[name]) return found[name];
    const left = globalThis.module && globalThis.module.exports;
    const offered = left && (left[name] || (left.default && left.default[name]));
    const own = globalThis.exports && globalThis.exports[name];
    return typeof offered === "function" ? offered : typeof own === "function" ? own : undefined;
  }

  let refusal = {};
  function refuse(detail) { throw (refusal = { message: detail }); }

  function isObject(value) { return typeof value === "object" && value !== null; }

  function plain(value, what) {
    if (!isObject(value) || isArray(value)) refuse(what + " is no object");
    if (isA(value, RealPromise)) refuse(what + " is a promise");
    return value;
  }

  function lines(given) {
    const told = [];
    if (given === undefined || given === null) return told;
    if (!isArray(given)) given = [given];
    for (let at = 0; at < given.length && at < MOST_LINES; at++) {
      defineProperty(told, at, { value: described(given[at]), writable: true, enumerable: true });
    }
    return told;
  }

  function decode(found, input) {
    const decodeUplink = pick(found, "decodeUplink");
    if (decodeUplink) {
      const answer = plain(decodeUplink(input), "the result");
      if (answer.data === undefined && answer.errors === undefined) refuse("no data and no errors");
      return answer;
    }
    const Decode = pick(found, "Decode"), Decoder = pick(found, "Decoder");
    if (Decode) return { data: plain(Decode(input.fPort, input.bytes, input.variables), "the result") };
    return { data: plain(Decoder(input.bytes, input.fPort), "the result") };
  }

  function normalize(found, data) {
    const normalizeUplink = pick(found, "normalizeUplink");
    if (!normalizeUplink) return { normalized: [], warnings: [] };
    try {
      const answer = plain(normalizeUplink({ data }), "the result");
      const given = answer.data;
      if (given === undefined) return { normalized: [], warnings: lines(answer.errors) };
      return { normalized: isArray(given) ? given : [given], warnings: lines(answer.warnings) };
    } catch (error) { // what was decoded is still worth something
      return { normalized: [], warnings: lines("normalizeUplink: " + described(error)) };
    }
  }

  // Only what JSON can say exactly: JSON.stringify would turn NaN into null without a word.
  function strict(key, value) {
    if (typeof value === "number" && !isFinite(value)) refuse(text(value) + " in " + slice(key, 0, 80));
    if (isObject(value) && isA(value, RealPromise)) refuse("a promise in " + slice(key, 0, 80));
    return value;
  }

  function answered(found, input) {
    const answer = decode(found, input);
    const errors = lines(answer.errors), warnings = lines(answer.warnings);
    if (errors.length) return stringify({ errors, warnings });
    const data = plain(answer.data, "data");
    const more = normalize(found, data);
    return stringify(
      { data, warnings, normalized: more.normalized, more: more.warnings }, strict,
    );
  }

  return function (source, request) {
    const { bytes, fPort, time, variables } = parse(request);
    stopTheClock(time);
    furnish();
    let found;
    try {
      found = load(source);
    } catch (error) {
      return problem(isA(error, Syntax) ? "syntax" : "threw", error);
    }
    if (!pick(found, "decodeUplink") && !pick(found, "Decode") && !pick(found, "Decoder")) {
      return problem("no-decode-function", "");
    }
    try {
      const input = { bytes, fPort, recvTime: new RealDate(time), variables };
      return answered(found, input);
    } catch (error) {
      const json = isA(error, Type) && search(described(error), /circular|BigInt/) >= 0;
      return problem(error === refusal || json ? "output" : "threw", error);
    }
  };
})()
