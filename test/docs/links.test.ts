import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.resolve(__dirname, "../..");

const DOCUMENTS = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"],
  ...readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** A document without its code blocks. */
const prose = (file: string): string => readFileSync(file, "utf8").replace(/^```[^]*?^```$/gm, "");

/** The anchors that GitHub gives the headings of a document. */
function anchors(file: string): string[] {
  const headings = [...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) => text ?? "");
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What is wrong with a link, if anything. */
function fault(document: string, link: string): string[] {
  const [name = "", anchor] = link.split("#");
  const file = path.join(ROOT, name === "" ? document : path.join(path.dirname(document), name));
  if (!existsSync(file)) return [`${link}: there is no such file`];
  if (anchor === undefined || anchors(file).includes(anchor)) return [];
  return [`${link}: the page has no such heading`];
}

describe("The links between the documents", () => {
  it("lead somewhere", () => {
    for (const document of DOCUMENTS) {
      const text = prose(path.join(ROOT, document)).replace(/`[^`\n]*`/g, "");
      const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)];
      expect(
        links.flatMap(([, link = ""]) => fault(document, link)),
        document,
      ).to.deep.equal([]);
    }
  });

  it("lead from the README to every page", () => {
    const pages = DOCUMENTS.filter((name) => name !== "README.md");
    const readme = prose(path.join(ROOT, "README.md"));
    expect(pages.filter((page) => !readme.includes(`](${page})`))).to.deep.equal([]);
  });
});

describe("The README", () => {
  it("can be read in one sitting: it has at most 130 lines", () => {
    expect(readFileSync(path.join(ROOT, "README.md"), "utf8").split("\n").length).to.be.at.most(131);
  });
});
