import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as zlib from "node:zlib";
import { expect } from "chai";
import { parse } from "yaml";
import { statesIn, unpacked } from "../../../cli/audit/files";
import { tempFolder } from "../../temp-folder";

const AN_HOUR_AGO = new Date(Date.now() - 3600_000);

/** Makes what is at a path, by the word for it and what that is about. */
const MAKE: Readonly<Record<string, (path: string, of: string) => unknown>> = {
  file: (path) => {
    writeFileSync(path, path);
  },
  old: (path) => {
    writeFileSync(path, path);
    utimesSync(path, AN_HOUR_AGO, AN_HOUR_AGO);
  },
  link: (path, target) => {
    symlinkSync(target, path);
  },
  alike: (path, other) => {
    linkSync(join(dirname(path), other), path);
  },
  pipe: (path) => execFileSync("mkfifo", [path]),
  closed: (path) => {
    mkdirSync(path);
    writeFileSync(join(path, "in.json"), "");
    chmodSync(path, 0);
  },
  huge: (path) => execFileSync("truncate", ["-s", "2G", path]),
};
type Layout = Record<string, string>;
interface Found {
  readonly in?: string;
  readonly has: Layout;
  readonly also?: Layout;
  readonly given: string[];
  readonly states?: string[];
  readonly stacksOf?: string;
}
const FILE = join(__dirname, "../../testdata/audit/folders.yaml");
const { found, unreadable, refused } = parse(readFileSync(FILE, "utf8"), { merge: true }) as {
  found: Record<string, Found>;
  unreadable: Record<string, [path: string, kind: string, reason: string]>;
  refused: Record<string, { has: Layout; given: string[]; error: string }>;
};
const STACKS = ["history/dev.1764500000000000000.json", "shop/dev.json", "shop/two.json.gz"];

describe("The states in a folder", () => {
  /** Acts in a new folder that has that in it. */
  async function inFolder(layout: Layout, act: () => unknown): Promise<void> {
    const [before, folder] = [process.cwd(), tempFolder("files")];
    process.chdir(folder);
    chmodSync(folder, 0o755);
    try {
      for (const [path, kind] of Object.entries(layout)) {
        mkdirSync(dirname(path), { recursive: true });
        const [word = "", of = ""] = kind.split(" ");
        MAKE[word]?.(path, of);
      }
      await act();
    } finally {
      process.chdir(before);
    }
  }

  it("are found by what is in it", async () => {
    for (const [title, { in: inside = ".", has, also, given, stacksOf, states }] of Object.entries(found)) {
      const within = Object.fromEntries(Object.entries(has).map(([path, kind]) => [join(inside, path), kind]));
      await inFolder({ ...within, ...also }, () => {
        const names = statesIn(given).map(({ name }) => name);
        expect(names, title).to.deep.equal(states ?? STACKS.map((stack) => `${stacksOf ?? ""}/stacks/${stack}`));
      });
    }
  });

  it("include what can't be read, which says so when it is read, with the others", async () => {
    for (const [title, [path, kind, reason]] of Object.entries(unreadable))
      await inFolder({ "a.json": "file", [path]: kind }, async () => {
        const sources = asNobody(() => statesIn(["."]));
        const read = sources.map(({ name, read }) =>
          read().then(String, (error: unknown) => `${name}: ${(error as Error).message}`),
        );
        const [first, second = "", ...others] = await Promise.all(read);
        expect([first, second.slice(0, path.length + 2 + reason.length), others], title).to.deep.equal([
          ...["a.json", `${path}: ${reason}`, []],
        ]);
      });
  });

  it("are refused if there are none", async () => {
    for (const [title, { has, given, error }] of Object.entries(refused))
      await inFolder(has, () => {
        expect(() => statesIn(given), title).to.throw(error);
      });
  });
});

/** The superuser may list any folder. */
function asNobody<Result>(act: () => Result): Result {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return act();
  } finally {
    process.seteuid?.(0);
  }
}

describe("The text of a state", () => {
  const TEXT = '{"version": 3, "é": "💾"}';
  const utf16 = Buffer.from(`\ufeff${TEXT}`, "utf16le");
  /** One frame with one raw block, as RFC 8878 has it: Node.js 20 can't pack one either. */
  const zstd = (plain: Buffer): Buffer => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, plain.length, 0, 0, 0]);
    header.writeUIntLE((plain.length << 3) | 1, 6, 3);
    return Buffer.concat([header, plain]);
  };
  const forms: [string, Buffer][] = [
    ["UTF-8", Buffer.from(TEXT)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${TEXT}`)],
    ["UTF-16 as Windows PowerShell writes it", utf16],
    ["UTF-16 the other way round", Buffer.from(utf16).swap16()],
    ["gzip", zlib.gzipSync(TEXT)],
    ["gzip of UTF-16", zlib.gzipSync(utf16)],
    ...("zstdDecompressSync" in zlib ? [["Zstandard", zstd(Buffer.from(TEXT))] as [string, Buffer]] : []),
  ];
  it("is read by its first bytes, whatever the file is called", () => {
    for (const [title, bytes] of forms) expect(unpacked(bytes, 1000)?.toString(), title).to.equal(TEXT);
  });

  it("is never longer than it may be, packed or not", () => {
    const plain = Buffer.alloc(2 ** 20, "a");
    const packed = zlib.gzipSync(plain);
    for (const bytes of [plain, packed])
      expect([2 ** 20, 2 ** 20 - 1].map((most) => unpacked(bytes, most)?.length)).to.deep.equal([2 ** 20, undefined]);
  });

  it("can't be read where it is packed and cut short, or Node.js can't unpack it", () => {
    const cut = zlib.gzipSync(TEXT).subarray(0, 20);
    expect(() => unpacked(cut, 1000)).to.throw("it can't be unpacked: unexpected end of file");
    if (!("zstdDecompressSync" in zlib)) expect(() => unpacked(zstd(cut), 1000)).to.throw("Node.js 22.15 or newer");
  });
});
