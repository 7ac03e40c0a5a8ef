import { expect } from "chai";
import { listOf } from "../../../policypack/findings/finding";
import { nameIn, typeIn } from "../../../policypack/lib/urn";

const of = (name: string, type = "aws:s3/bucket:Bucket") => `urn:pulumi:dev::shop::${type}::${name}`;

describe("What a message calls a resource", () => {
  it("is its logical name, whatever is in that", () => {
    for (const name of ["data", "a::b", "x$y", "", "名前", "::"]) {
      expect(nameIn(of(name)), name).to.equal(name === "" ? of("") : name);
    }
  });

  it("is the URN where that has no name", () => {
    for (const urn of ["", "data", "urn:pulumi:dev::shop", "urn:pulumi:dev::shop::type"]) {
      expect(nameIn(urn)).to.equal(urn);
    }
  });

  it("is of its own type, without those of the components around", () => {
    expect(typeIn(of("data"))).to.equal("aws:s3/bucket:Bucket");
    expect(typeIn(of("data", "shop:index:Site$aws:s3/bucket:Bucket"))).to.equal("aws:s3/bucket:Bucket");
    expect(typeIn(of("a$b"))).to.equal("aws:s3/bucket:Bucket");
    expect([typeIn(""), typeIn("data")]).to.deep.equal(["", ""]);
  });

  it("is one of three at most", () => {
    const named = (count: number) =>
      listOf(["a", "b", "c", "d", "e"].slice(0, count).map((name) => ({ urn: of(name) })));
    expect([1, 2, 3, 4, 5].map(named)).to.deep.equal([
      ...["'a'", "'a' and 'b'", "'a' and 'b' and 'c'"],
      ...["'a' and 'b' and 'c' and 1 more", "'a' and 'b' and 'c' and 2 more"],
    ]);
  });
});
