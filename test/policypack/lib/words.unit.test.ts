import { expect } from "chai";
import fc from "fast-check";
import { listOf } from "../../../policypack/findings/finding";
import { endingLike, filled } from "../../../policypack/lib/case";
import { repeatedKey } from "../../../policypack/lib/json-text";
import { didYouMean, nearest, unknownPolicy } from "../../../policypack/lib/suggest";
import { nameIn, typeIn } from "../../../policypack/lib/urn";
import { firstKnown, UNKNOWN, valuesAt } from "../../../policypack/lib/values";

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
    expect(unknownPolicy("al", NAMES)).to.equal("al: unknown policy; did you mean all?");
  });

  it("is no word with more letters wrong than may be, and none that is farther than another", () => {
    const near = (word: string, ...known: string[]) => nearest(word, known, 1);
    expect([near("ab", "xa"), near("ab", "bx"), near("ab", "xy"), near("abc", "a")]).to.deep.equal(
      Array<undefined>(4).fill(undefined),
    );
    expect([near("ab", "ba", "ab"), near("", "a"), near("ab", "abc")]).to.deep.equal(["ab", "a", "abc"]);
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

it("A template has its values in the case that it asks for", () => {
  const template = "{name} {name:camel} {name:capital} {name:snake} {name:flat} {none}.";
  expect(filled(template, { name: "access-Block" })).to.equal(
    "access-Block accessBlock AccessBlock access__block accessBlock .",
  );
});

it("The ending of a name is in the manner of the first name that shows one", () => {
  const ending = (...names: string[]) => endingLike(names, ["access", "block"], "_");
  expect(["dataBucket", "data-bucket", "data_bucket", "data", "DATA"].map((name) => ending(name))).to.deep.equal([
    ...["AccessBlock", "-access-block", "_access_block", "_access_block", "_access_block"],
  ]);
  expect([ending("data", "dataBucket", "a-b"), endingLike([], ["x"])]).to.deep.equal(["AccessBlock", "X"]);
});

it("A value is of the first reader that has it, and a value that is left out knows nothing better than unknown", () => {
  const first = (...values: unknown[]) => firstKnown(...values.map((value) => () => value))("key");
  expect([first(UNKNOWN, null), first(null, 1), first(undefined, 1), first(UNKNOWN, null, 2)]).to.deep.equal([
    ...[UNKNOWN, null, 1, 2],
  ]);
});

it("Values at a way are of lists and of objects, and what is neither is no object left out", () => {
  const at = (value: unknown) => valuesAt(() => value, "a[].b.c");
  expect([at(null), at(UNKNOWN), at("x"), at([{ b: { c: 1 } }, { B: [{ C: 2 }] }, {}])]).to.deep.equal([
    ...[[null], [UNKNOWN], [false], [1, 2, undefined]],
  ]);
});

it("A key is repeated in its own object only", () => {
  const texts = [
    '{"a":1,"b":{"a":2}}',
    '[{"a":1},{"a":"a"}]',
    '{"a":"b","b":["a","a"]}',
    '{"a":{"b":1,"b":2}}',
    '{"a" :1,"\\u0061":1}',
  ];
  expect(texts.map(repeatedKey)).to.deep.equal([undefined, undefined, undefined, "b", "a"]);
});
