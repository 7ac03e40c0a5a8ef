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

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\,:{}[]');
const SPACES = Buffer.from(" \n\r\t");

function parse(given: Buffer, atOnce: number, levels: number): unknown {
  let [start, end] = [0, given.length];
  while (SPACES.includes(given[start] ?? 0)) start++;
  while (end > start && SPACES.includes(given[end - 1] ?? 0)) end--;
  const bytes = given.subarray(start, end);
  const isObject = bytes[0] === OPEN_OBJECT;
  if (bytes.length <= atOnce || levels === 0 || !(isObject || bytes[0] === OPEN_LIST)) return JSON.parse(textOf(bytes));
  if (bytes.at(-1) !== (isObject ? CLOSE_OBJECT : CLOSE_LIST)) throw new SyntaxError("it is cut short");
  const members = Array.from(membersOf(bytes.subarray(1, -1)), (each): [key: string, value: unknown] => {
    const colon = isObject ? find(each, 0, COLON) : -1;
    const key = isObject ? (JSON.parse(textOf(each.subarray(0, colon))) as string) : "";
    return [key, parse(each.subarray(colon + 1), atOnce, levels - 1)];
  });
  return isObject ? Object.fromEntries(members) : members.map(([, value]) => value);
}

function textOf(bytes: Buffer): string {
  try {
    return bytes.toString();
  } catch {
    throw new RangeError("one value in it is longer than a string of Node.js can be, which is 512 MiB");
  }
}

function* membersOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start <= bytes.length;) {
    const end = find(bytes, start, COMMA);
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** The place of the next wanted byte that is in no text, list or object; the end if there is none. */
function find(bytes: Buffer, from: number, wanted: number | undefined): number {
  let depth = 0;
  return scan(bytes, from, (byte) => {
    if (byte === wanted && depth === 0) return true;
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
    return false;
  });
}

/** Each but the first has a comma before it, or is in a list or an object. */
function countValues(bytes: Buffer): number {
  let count = 1;
  scan(bytes, 0, (byte) => {
    if (byte === COMMA || byte === OPEN_OBJECT || byte === OPEN_LIST) count++;
    return false;
  });
  return count;
}

/** The place of the first byte that is in no text and for which `isFound` is true; the end if there is none. */
function scan(bytes: Buffer, from: number, isFound: (byte: number | undefined) => boolean): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) {
      for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++;
    } else if (isFound(bytes[at])) return at;
  }
  return bytes.length;
}
