import { transcode } from "node:buffer";
import * as zlib from "node:zlib";
import { SourceError } from "./sources";

type Unpack = (packed: Buffer, options: zlib.ZlibOptions) => Buffer;

/**
 * A file's text in UTF-8, by its first bytes: gzip (RFC 1952), Zstandard (RFC 8878) or neither, and the byte order mark that Windows
 * PowerShell writes. undefined where that is longer than `most` bytes.
 * @throws SourceError
 */
export function unpacked(bytes: Buffer, most: number): Buffer | undefined {
  const unpack = unpackerOf(bytes);
  try {
    const plain = unpack?.(bytes, { maxOutputLength: most, chunkSize: 2 ** 20 }) ?? bytes;
    return plain.length > most ? undefined : utf8(plain);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") return undefined;
    throw error instanceof SourceError ? error : new SourceError(`it can't be unpacked: ${message}`);
  }
}

function unpackerOf(bytes: Buffer): Unpack | undefined {
  if (startsWith(bytes, [0x1f, 0x8b])) return zlib.gunzipSync;
  if (!startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return undefined;
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Unpack };
  if (zstdDecompressSync !== undefined) return zstdDecompressSync;
  throw new SourceError(
    "it is packed with Zstandard, which takes Node.js 22.15 or newer. Or export the stack with `pulumi stack export`",
  );
}

function utf8(bytes: Buffer): Buffer {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return bytes.subarray(3);
  const isLittle = startsWith(bytes, [0xff, 0xfe]);
  if (!isLittle && !startsWith(bytes, [0xfe, 0xff])) return bytes;
  const units = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return transcode(isLittle ? units : units.swap16(), "utf16le", "utf8");
}

function startsWith(bytes: Buffer, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}
