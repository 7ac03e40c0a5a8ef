import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as zlib from "node:zlib";
import { expect } from "chai";
import { statesIn, unpacked } from "../../../cli/audit/files";

const AN_HOUR_AGO = new Date(Date.now() - 3600_000);

/** What is in a folder, by paths. */
const make = {
  file: (path: string) => {
    writeFileSync(path, path);
  },
  old: (path: string) => {
    writeFileSync(path, path);
    utimesSync(path, AN_HOUR_AGO, AN_HOUR_AGO);
  },
  linkTo: (target: string) => (path: string) => {
    symlinkSync(target, path);
  },
  alike: (other: string) => (path: string) => {
    linkSync(join(dirname(path), other), path);
  },
  pipe: (path: string) => execFileSync("mkfifo", [path]),
  closed: (path: string) => {
    mkdirSync(path);
    writeFileSync(join(path, "in.json"), "");
    chmodSync(path, 0);
  },
  huge: (path: string) => execFileSync("truncate", ["-s", "2G", path]),
};
type Layout = Record<string, (path: string) => unknown>;

const { file, old, linkTo, alike, pipe, closed, huge } = make;
const filesAt = (...paths: string[]): Layout => Object.fromEntries(paths.map((path) => [path, file]));
const inside = (folder: string, layout: Layout): Layout =>
  Object.fromEntries(Object.entries(layout).map(([path, kind]) => [`${folder}/${path}`, kind]));

const BACKEND: Layout = {
  ...filesAt("stacks/shop/dev.json", "stacks/shop/dev.json.bak", "stacks/shop/dev.json.attrs"),
  ...filesAt("stacks/shop/dev.json.1764500000000000000", "stacks/history/dev.1764500000000000000.json"),
  ...{ "stacks/shop/two.json": old, "stacks/shop/two.json.gz": file },
  ...filesAt("history/shop/dev/dev-1764500000000000000.checkpoint.json", "history/shop/dev/x.json"),
  ...filesAt("backups/shop/dev/dev.1764500000000000000.json", "locks/organization/shop/dev/1.json"),
  ...filesAt("journal/shop/dev/1.json"),
};
const STACKS = ["history/dev.1764500000000000000.json", "shop/dev.json", "shop/two.json.gz"];
const MARKED = { ...BACKEND, ...filesAt("meta.yaml") };
const LOGGED_IN = { ...MARKED, ...filesAt("credentials.json", "plugins/x/package.json", "config.json") };
const stacksAt = (folder: string): string[] => STACKS.map((stack) => `${folder}/stacks/${stack}`);

describe("The states in a folder", () => {
  /** Acts in a new folder that has that in it. */
  async function inFolder(layout: Layout, act: () => unknown): Promise<void> {
    const [before, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), "files-"))];
    process.chdir(folder);
    chmodSync(folder, 0o755);
    try {
      for (const [path, kind] of Object.entries(layout)) {
        mkdirSync(dirname(path), { recursive: true });
        kind(path);
      }
      await act();
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  }

  // prettier-ignore
  const layouts: [title: string, layout: Layout, given: string[], names: string[]][] = [
    ["are files by their endings", filesAt("b.json", "a.json.gz", "c.JSON", "d.json.zst", "e.txt"), ["."], ["a.json.gz", "b.json", "c.JSON", "d.json.zst"]],
    ["may be a backend's", inside(".pulumi", MARKED), ["."], stacksAt(".pulumi")],
    ["may be those of pulumi login --local", inside(".pulumi", LOGGED_IN), [".pulumi"], stacksAt(".pulumi")],
    ["may be a backend's from before there were marks and projects", inside("b", { ...filesAt("stacks/dev.json", "history/dev/x.json", "backups/dev/x.json") }), ["b"], ["b/stacks/dev.json"]],
    ["are known with a slash behind", inside(".pulumi", MARKED), [".pulumi/"], stacksAt(".pulumi")],
    ["are known through a link", { ...inside("real", MARKED), link: linkTo("real") }, ["link"], stacksAt("link")],
    ["are known in a copy by another name", inside("copy", MARKED), ["copy/."], stacksAt("copy")],
    ["are known beside no mark", inside("copy", BACKEND), ["copy"], stacksAt("copy")],
    ["are known in the middle of a backend", inside("x", MARKED), ["x/stacks/shop"], ["x/stacks/shop/dev.json", "x/stacks/shop/two.json.gz"]],
    ["may be in a folder called stacks, which is no backend's", filesAt("stacks/a.json", "b.json"), ["."], ["b.json", "stacks/a.json"]],
    ["are read in each form outside of a backend", { "a.json": old, "a.json.gz": file }, ["."], ["a.json", "a.json.gz"]],
    ["count once by any spelling", { ...filesAt("s/a.json"), "s/b.json": linkTo("a.json"), "s/c.json": alike("a.json"), t: linkTo("s") }, ["s/a.json", "./s/a.json", "s", "t", "."], ["s/a.json"]],
    ["end where a link leads back", { ...filesAt("s/a.json"), "s/back": linkTo("..") }, ["s"], ["s/a.json"]],
  ];
  it("are found by what is in it", async () => {
    for (const [title, layout, given, names] of layouts)
      await inFolder(layout, () => {
        expect(
          statesIn(given).map(({ name }) => name),
          title,
        ).to.deep.equal(names);
      });
  });

  const bad: [title: string, path: string, kind: (path: string) => unknown, reason: string][] = [
    ["a link to nothing", "x.json", linkTo("y"), "it is a link to a file that isn't there"],
    ["a link that may have been to a folder", "x", linkTo("y"), "it is a link to a file that isn't there"],
    ["a link to itself", "x.json", linkTo("x.json"), "ELOOP: too many symbolic links"],
    ["a pipe", "x.json", pipe, "it is a pipe, a socket or a device, and not a file"],
    ["a folder that can't be listed", "x", closed, "EACCES: permission denied, scandir 'x'"],
    ["a file of 2 GiB", "x.json", huge, "it is larger than 1024 MiB"],
  ];
  it("include what can't be read, which says so when it is read, with the others", async () => {
    for (const [title, path, kind, reason] of bad)
      await inFolder({ ...filesAt("a.json"), [path]: kind }, async () => {
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

  const refused: [title: string, layout: Layout, given: string, message: string][] = [
    ["nothing is there", {}, "states", "there is no file or folder states"],
    ["there is no state in it", filesAt("a.txt"), ".", "there is no state in .: no file NAME.json"],
    ["there is only a backend's history", BACKEND, "history/shop/dev/../../../backups", "there is no state in"],
  ];
  it("are refused if there are none", async () => {
    for (const [title, layout, given, message] of refused)
      await inFolder(layout, () => {
        expect(() => statesIn([given]), title).to.throw(message);
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
    expect(
      [plain, packed].map((bytes) => [2 ** 20, 2 ** 20 - 1].map((most) => unpacked(bytes, most)?.length)),
    ).to.deep.equal([
      [2 ** 20, undefined],
      [2 ** 20, undefined],
    ]);
  });

  it("can't be read where it is packed and cut short, or Node.js can't unpack it", () => {
    const cut = zlib.gzipSync(TEXT).subarray(0, 20);
    expect(() => unpacked(cut, 1000)).to.throw("it can't be unpacked: unexpected end of file");
    if (!("zstdDecompressSync" in zlib)) expect(() => unpacked(zstd(cut), 1000)).to.throw("Node.js 22.15 or newer");
  });
});
