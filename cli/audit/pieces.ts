/*
 * JSON that may be longer than a string can be, which is 512 MiB in Node.js: an object or a list that is too long at once is read
 * member by member.
 */

const AT_ONCE = 2 ** 26;

/** @throws SyntaxError */
export function parsePieces(bytes: Buffer, atOnce = AT_ONCE): unknown {
  const [start, end] = trimmed(bytes);
  const open = bytes[start];
  const isObject = open === OPEN_OBJECT;
  if (end - start <= atOnce || !(isObject || open === OPEN_LIST))
    return JSON.parse(bytes.toString("utf8", start, end));
  if (bytes[end - 1] !== (isObject ? CLOSE_OBJECT : CLOSE_LIST)) throw new SyntaxError("it is cut short");
  const members = membersOf(bytes.subarray(start + 1, end - 1));
  if (!isObject) return members.map((each) => parsePieces(each, atOnce));
  return Object.fromEntries(
    members.map((each) => {
      const colon = next(each, 0, COLON);
      return [
        JSON.parse(each.toString("utf8", 0, colon)) as string,
        parsePieces(each.subarray(colon + 1), atOnce),
      ];
    }),
  );
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

function trimmed(bytes: Buffer): [start: number, end: number] {
  let [start, end] = [0, bytes.length];
  while (isSpace(bytes[start])) start++;
  while (end > start && isSpace(bytes[end - 1])) end--;
  return [start, end];
}

/** JSON's own four; a byte that isn't there is none of them. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function membersOf(bytes: Buffer): Buffer[] {
  const members: Buffer[] = [];
  for (let start = 0; start <= bytes.length;) {
    const end = next(bytes, start, COMMA);
    members.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return members;
}

/** Where a byte is next that is in no text, list or object; the end where there is none. */
function next(bytes: Buffer, from: number, wanted: number): number {
  let [depth, isText] = [0, false];
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === wanted && depth === 0) return at;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
  }
  return bytes.length;
}
