import { expect } from "chai";
import { withAbsoluteLinks } from "../../scripts/readme-links.mjs";

const REPOSITORY = "https://git.example/acme/pack";

describe("The README that the pack brings along", () => {
  const addresses = {
    [REPOSITORY]: `${REPOSITORY}/blob/HEAD/docs/policies.md#levels`,
    "https://gitlab.example/group/team/pack":
      "https://gitlab.example/group/team/pack/-/blob/HEAD/docs/policies.md#levels",
    "https://bitbucket.org/acme/pack": "https://bitbucket.org/acme/pack/src/HEAD/docs/policies.md#levels",
  };
  for (const [repository, address] of Object.entries(addresses)) {
    it(`links to files in ${repository}`, () => {
      const linked = withAbsoluteLinks("See [the levels](docs/policies.md#levels).", repository);
      expect(linked).to.equal(`See [the levels](${address}).`);
    });
  }

  it("has each of several links, also one whose text is code or goes over two lines", () => {
    const text = "| [a](a.md), [b](b.md) |\n[`C`](c.ts) and\n[two\nlines](d.md)";
    const [a, b, c, d] = ["a.md", "b.md", "c.ts", "d.md"].map((file) => `${REPOSITORY}/blob/HEAD/${file}`);
    const linked = `| [a](${a}), [b](${b}) |\n[\`C\`](${c}) and\n[two\nlines](${d})`;
    expect(withAbsoluteLinks(text, REPOSITORY)).to.equal(linked);
  });

  it("has the text of its links where the repository has no address", () => {
    expect(withAbsoluteLinks("See [`a.md`](a.md) and [the levels](docs/b.md#c).", "")).to.equal(
      "See `a.md` and the levels.",
    );
  });

  for (const kept of [
    "[moto](https://docs.getmoto.org)",
    "[mail](mailto:a@b.example)",
    "[above](#policies)",
    "`[a](b.md)`",
    "```text\n[mandatory](b.md)\n```",
    "[mandatory] [severity: high] s3 (aws:s3:Bucket: data)",
  ]) {
    it(`keeps ${JSON.stringify(kept)}`, () => {
      expect([REPOSITORY, ""].map((repository) => withAbsoluteLinks(kept, repository))).to.deep.equal([kept, kept]);
    });
  }
});
