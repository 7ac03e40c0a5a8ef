import { expect } from "chai";
import fc from "fast-check";
import { listOf } from "../../../policypack/findings/finding";
import { didYouMean, nearest } from "../../../policypack/lib/suggest";
import { nameIn, typeIn } from "../../../policypack/lib/urn";

const NAMES = ["preview", "audit", "s3-no-public-acl", "s3-no-public-folder"];

describe("The suggestion for a misspelt word", () => {
  it("is the nearest word, if one is near enough to be meant", () => {
    const meant = {
      ...{ preveiw: "preview", previews: "preview", PREVIEW: "preview", audti: "audit" },
      ...{ "s3-no-public-acls": "s3-no-public-acl", "s3-no-publc-folder": "s3-no-public-folder" },
      ...{ up: undefined, destroy: undefined, "": undefined, x: undefined, acl: undefined },
    };
    expect(Object.fromEntries(Object.keys(meant).map((word) => [word, nearest(word, NAMES)]))).to.deep.equal(meant);
    expect(nearest("s3-no-public-acl2", ["s3-no-public-al", ...NAMES])).to.equal("s3-no-public-acl");
    const quoted = (word: string) => didYouMean(word, NAMES, (name) => `"${name}"`);
    expect(["preveiw", "up"].map(quoted)).to.deep.equal(['; did you mean "preview"?', ""]);
  });

  it("finds a word again after any one letter of it is left out, doubled or swapped with the next", () => {
    const letters = fc.array(fc.constantFrom(...Array.from("abcdef-")), { minLength: 3, maxLength: 12 });
    const change = fc.tuple(letters, fc.nat(), fc.constantFrom("drop", "double", "swap"));
    fc.assert(
      fc.property(change, ([word, place, kind]) => {
        const at = place % (word.length - 1);
        const [one, next] = [word[at] ?? "", word[at + 1] ?? ""];
        const put = { drop: [next], double: [one, one, next], swap: [next, one] }[kind];
        expect(nearest(word.toSpliced(at, 2, ...put).join(""), [word.join("")])).to.equal(word.join(""));
      }),
    );
  });
});

describe("What a message calls a resource", () => {
  const of = (name: string, type = "aws:s3/bucket:Bucket") => `urn:pulumi:dev::shop::${type}::${name}`;

  it("is its logical name, whatever is in that, or the URN where that has none", () => {
    for (const name of ["data", "a::b", "x$y", "名前", "::"]) expect(nameIn(of(name))).to.equal(name);
    for (const urn of [of(""), "", "data", "urn:pulumi:dev::shop"]) expect(nameIn(urn)).to.equal(urn);
  });

  it("is of its own type, without those of the components around", () => {
    const urns = [of("data"), of("data", "shop:index:Site$aws:s3/bucket:Bucket"), of("a$b"), "", "data"];
    expect(urns.map(typeIn)).to.deep.equal([...Array<string>(3).fill("aws:s3/bucket:Bucket"), "", ""]);
  });

  it("is one of three at most", () => {
    const named = (count: number) =>
      listOf(["a", "b", "c", "d", "e"].slice(0, count).map((name) => ({ urn: of(name) })));
    expect([1, 2, 3, 5].map(named)).to.deep.equal([
      ...["'a'", "'a' and 'b'", "'a' and 'b' and 'c'", "'a' and 'b' and 'c' and 2 more"],
    ]);
  });
});
