import { expect } from "chai";
import { ListValue, NullValue, Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../../../policypack/lib/values";
import { plainStruct, reader, secrecy } from "../../../policypack/engine/wire";
import { testdata } from "../../testdata";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const read = (value: Parameters<typeof Struct.fromJavaScript>[0][string]): unknown =>
  reader(Struct.fromJavaScript({ key: value }))("key");

describe("A property as it comes over the wire", () => {
  const { unknowns } = testdata("wire.yaml") as { unknowns: Record<string, string> };
  it("is unknown where it has the mark of an unknown value of any kind, at any depth", () => {
    for (const [kind, mark] of Object.entries({ ...unknowns, "secret that can't be decrypted": "[secret]" })) {
      expect(read(mark), kind).to.equal(UNKNOWN);
      expect(read([{ deep: mark }, `${mark} `]), kind).to.deep.equal([{ deep: UNKNOWN }, `${mark} `]);
    }
  });

  it("is itself where it is plain", () => {
    for (const value of [null, true, false, 0, 1.5, "", "text", [], [1, [null]], {}, { a: { b: "c" } }]) {
      expect(read(value), JSON.stringify(value)).to.deep.equal(value);
    }
  });

  it("is what a secret holds, also where that is unknown or a secret, and unknown where it holds nothing", () => {
    const secret = (value: Parameters<typeof read>[0]) => ({ [SIGNATURE]: SECRET, value });
    expect(read(secret(true))).to.equal(true);
    expect(read({ a: [secret(secret({ b: 1 }))] })).to.deep.equal({ a: [{ b: 1 }] });
    expect([read(secret(unknowns.string ?? "")), read({ [SIGNATURE]: SECRET })]).to.deep.equal([UNKNOWN, UNKNOWN]);
    expect(plainStruct(Struct.fromJavaScript(secret({ b: 1 })))).to.deep.equal({ b: 1 });
  });

  it("is an object like any other where the signature is another's", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", value: true };
    expect(read(asset)).to.deep.equal(asset);
    expect(read({ signature: SECRET, value: true })).to.deep.equal({ signature: SECRET, value: true });
  });

  it("has the keys that a program gave, and none of a prototype", () => {
    const struct = Struct.fromJavaScript({ constructor: 1, toString: null });
    const value = new Value();
    value.setStructValue(Struct.fromJavaScript({ blockPublicAcls: true }));
    struct.getFieldsMap().set("__proto__", value); // A map of google-protobuf's loses it.
    const plain = plainStruct(struct) as object;
    expect(Object.getOwnPropertyNames(plain).sort()).to.deep.equal(["constructor", "toString"]);
    expect(Object.getPrototypeOf(plain)).to.equal(Object.prototype);
    expect(["constructor", "blockPublicAcls"].map(reader(struct))).to.deep.equal([1, undefined]);
  });

  it("is unknown where it is of a kind that isn't known here, and empty where a list or a null is left empty", () => {
    const struct = new Struct();
    const [list, none] = [new Value().setListValue(new ListValue()), new Value().setNullValue(NullValue.NULL_VALUE)];
    struct.getFieldsMap().set("odd", new Value()).set("list", list).set("none", none);
    expect(["odd", "list", "none"].map(reader(struct))).to.deep.equal([UNKNOWN, [], null]);
  });

  it("isn't there where there are no properties", () => {
    expect([reader(undefined)("key"), plainStruct(undefined)]).to.deep.equal([undefined, {}]);
  });
});

describe("The secrecy of a property", () => {
  const isSecret = (value: Parameters<typeof Struct.fromJavaScript>[0][string]): boolean =>
    secrecy(Struct.fromJavaScript({ key: value }))("key");
  const secret = { [SIGNATURE]: SECRET, value: "hidden" };

  it("is there where it is a secret, or has one at any depth", () => {
    for (const value of [secret, [1, secret], { a: { b: [{ c: secret }] } }]) {
      expect(isSecret(value), JSON.stringify(value)).to.equal(true);
    }
  });

  it("is not there where it is plain, where it is missing, and where a mark is another one", () => {
    const other = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17" };
    for (const value of [null, "text", 1, [], {}, [{ a: ["b"] }], { [SECRET]: SIGNATURE }, other]) {
      expect(isSecret(value), JSON.stringify(value)).to.equal(false);
    }
    expect([secrecy(undefined)("key"), secrecy(new Struct())("key")]).to.deep.equal([false, false]);
  });
});
