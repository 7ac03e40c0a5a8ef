import { expect } from "chai";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";

const REPOSITORY = "https://git.example/acme/pack";

describe("The README that the pack brings along", () => {
  it("links to files as each host shows them", () => {
    for (const [repository, folder] of [
      [REPOSITORY, "blob/HEAD"],
      ["https://gitlab.example/group/team/pack", "-/blob/HEAD"],
      ["https://bitbucket.org/acme/pack", "src/HEAD"],
    ] as const) {
      const linked = withAbsoluteLinks("See [the levels](docs/policies.md#levels).", repository);
      expect(linked).to.equal(`See [the levels](${repository}/${folder}/docs/policies.md#levels).`);
    }
  });

  it("has each of several links, also one whose text is code or goes over two lines", () => {
    const text = "| [a](a.md), [b](b.md) |\n[`C`](c.ts) and\n[two\nlines](d.md)";
    const linked = text.replaceAll(/\((.\.\w+)\)/g, `(${REPOSITORY}/blob/HEAD/$1)`);
    expect(withAbsoluteLinks(text, REPOSITORY)).to.equal(linked);
  });

  it("has the text of its links where the repository has no address", () => {
    const text = withAbsoluteLinks("See [`a.md`](a.md) and [the levels](docs/b.md#c).", "");
    expect(text).to.equal("See `a.md` and the levels.");
  });

  it("keeps links that lead elsewhere, and code", () => {
    for (const kept of [
      "[moto](https://docs.getmoto.org)",
      "[mail](mailto:a@b.example)",
      "[above](#policies)",
      "`[a](b.md)`",
      "```text\n[mandatory](b.md)\n```",
      "[mandatory] [severity: high] s3 (aws:s3:Bucket: data)",
    ])
      expect([REPOSITORY, ""].map((repository) => withAbsoluteLinks(kept, repository))).to.deep.equal([kept, kept]);
  });
});
