/*
 * JSON that may be longer than a string can be, which is 512 MiB in Node.js: a longer object or list is read member by member. The
 * number of values is limited, since a small gzip may hold more of them than memory does.
 */

const LIMITS = { atOnce: 2 ** 25, values: 5e7 };

/** Down to a resource of a checkpoint: the file, `checkpoint`, `latest`, `resources`. */
const LEVELS = 4;

/** @throws SyntaxError where it isn't JSON, RangeError where it is too much of it */
export function parsePieces(bytes: Buffer, limits = LIMITS): unknown {
  if (bytes.length > limits.atOnce && countValues(bytes) > limits.values)
    throw new RangeError(`it has more than ${limits.values / 1e6} million values`);
  return parse(bytes, limits.atOnce, LEVELS);
}

function parse(bytes: Buffer, atOnce: number, levels: number): unknown {
  const [start, end] = trimmed(bytes);
  const open = bytes[start];
  const isObject = open === OPEN_OBJECT;
  if (end - start <= atOnce || levels === 0 || !(isObject || open === OPEN_LIST))
    return JSON.parse(textOf(bytes.subarray(start, end)));
  if (bytes[end - 1] !== (isObject ? CLOSE_OBJECT : CLOSE_LIST)) throw new SyntaxError("it is cut short");
  const members = membersOf(bytes.subarray(start + 1, end - 1));
  if (!isObject) return Array.from(members, (each) => parse(each, atOnce, levels - 1));
  const entries = Array.from(members, (each): [string, unknown] => {
    const colon = find(each, 0, COLON);
    const key = JSON.parse(textOf(each.subarray(0, colon))) as string;
    return [key, parse(each.subarray(colon + 1), atOnce, levels - 1)];
  });
  return Object.fromEntries(entries);
}

function textOf(bytes: Buffer): string {
  try {
    return bytes.toString();
  } catch {
    throw new RangeError("one value in it is longer than a string of Node.js can be, which is 512 MiB");
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
const SPACES: readonly unknown[] = [0x20, 0x0a, 0x0d, 0x09];

function trimmed(bytes: Buffer): [start: number, end: number] {
  let [start, end] = [0, bytes.length];
  while (SPACES.includes(bytes[start])) start++;
  while (end > start && SPACES.includes(bytes[end - 1])) end--;
  return [start, end];
}

function* membersOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start <= bytes.length;) {
    const end = find(bytes, start, COMMA);
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Where a byte is next that is in no text, list or object; the end where there is none. */
function find(bytes: Buffer, from: number, wanted: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === wanted && depth === 0) return at;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
  }
  return bytes.length;
}

/** Each but the first has a comma before it, or is in a list or an object. */
function countValues(bytes: Buffer): number {
  let count = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if (byte === COMMA || byte === OPEN_OBJECT || byte === OPEN_LIST) count++;
  }
  return count;
}

function endOfText(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
