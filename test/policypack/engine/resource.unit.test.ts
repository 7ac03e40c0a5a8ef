import {
  AnalyzeRequest,
  AnalyzerPropertyDependencies,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { expect } from "chai";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { fromInputs, fromOutputs, type Resource } from "../../../policypack/engine/resource";
import { UNKNOWN } from "../../../policypack/lib/values";

const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
type Properties = Parameters<typeof Struct.fromJavaScript>[0];
const struct = (properties: Properties): Struct => Struct.fromJavaScript(properties);

/** A message about a resource, with options that hold one of its properties. */
const filled = <Message extends AnalyzeRequest | AnalyzerResource>(message: Message, props: Properties): Message => {
  const options = new AnalyzerResourceOptions().setIgnorechangesList(["acl"]);
  message.setUrn("urn").setType("type").setProperties(struct(props)).setOptions(options);
  return message;
};

/** All but its readers. */
const plain = ({ urn, type, hasOutputs, ignoreChanges, inThisRun }: Resource): unknown[] => [
  ...[urn, type, hasOutputs, ignoreChanges, inThisRun],
];

describe("A resource in the engine's requests", () => {
  it("is the least that it can be where the message is empty", () => {
    for (const resource of [fromInputs(new AnalyzeRequest()), fromOutputs(new AnalyzerResource(), undefined)]) {
      expect(plain(resource)).to.deep.equal(["", "", false, [], true]);
      const { provider, read, input, references } = resource;
      expect([provider, read("bucket"), input("bucket")]).to.deep.equal([undefined, undefined, undefined]);
      expect(references("bucket")).to.deep.equal([]);
    }
  });

  it("has what its outputs say, else its inputs, and the references of a property", () => {
    const inputs = fromInputs(filled(new AnalyzeRequest(), { bucket: "from inputs", acl: "private", region: "eu" }));
    expect(plain(inputs)).to.deep.equal(["urn", "type", false, ["acl"], true]);
    expect([inputs.read("bucket"), inputs.input("bucket")]).to.deep.equal(["from inputs", "from inputs"]);
    const props = { bucket: "from outputs", region: UNKNOWN_STRING, arn: UNKNOWN_STRING };
    const message = filled(new AnalyzerResource(), props);
    message.getPropertydependenciesMap().set("bucket", new AnalyzerPropertyDependencies().setUrnsList(["a", "b"]));
    const resource = fromOutputs(message, inputs);
    expect(plain(resource)).to.deep.equal(["urn", "type", true, ["acl"], true]);
    expect(["bucket", "acl"].map(resource.references)).to.deep.equal([["a", "b"], []]);
    expect(inputs.references("bucket")).to.deep.equal([]);
    const read = ["bucket", "acl", "region", "arn", "none"].map(resource.read);
    expect(read).to.deep.equal(["from outputs", "private", "eu", UNKNOWN, undefined]);
    expect(resource.input("bucket")).to.equal("from inputs");
  });

  it("has a secret where its outputs or its inputs have one", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    const inputs = fromInputs(filled(new AnalyzeRequest(), { acl: secret, bucket: "data" }));
    const message = filled(new AnalyzerResource(), { acl: "x", bucket: "data", policy: { deep: [secret] } });
    const keys = ["acl", "bucket", "policy", "none"];
    expect(keys.map(inputs.isSecret)).to.deep.equal([true, false, false, false]);
    expect(keys.map(fromOutputs(message, inputs).isSecret)).to.deep.equal([true, false, true, false]);
    expect(keys.map(fromOutputs(message, undefined).isSecret)).to.deep.equal([false, false, true, false]);
  });

  it("is left out of the run where nothing is told of it, though its provider could be asked", () => {
    const providerWith = (configuration: Properties): AnalyzerProviderResource =>
      new AnalyzerProviderResource().setUrn("provider").setProperties(struct(configuration));
    const settled = providerWith({ region: "eu-west-1", nested: [{ a: null }] });
    const open = providerWith({ nested: [null, { a: UNKNOWN_STRING }] });
    const [none, ofSettled, ofOpen] = [undefined, settled, open].map((provider) =>
      fromInputs(new AnalyzeRequest().setProvider(provider)),
    );
    const facts = (resource: Resource | undefined): unknown[] => [resource?.isWithoutInputs, resource?.inThisRun];
    expect([none, ofSettled, ofOpen].map(facts)).to.deep.equal([
      [true, true],
      [true, false],
      [false, true],
    ]);
    expect([ofSettled?.provider?.urn, ofSettled?.provider?.read("region")]).to.deep.equal(["provider", "eu-west-1"]);

    const rows: [Parameters<typeof fromOutputs>[1], AnalyzerProviderResource, Properties, unknown[]][] = [
      [undefined, settled, {}, [false, false]],
      [ofSettled, settled, {}, [true, false]],
      [ofOpen, settled, {}, [false, true]],
      [undefined, open, {}, [false, true]],
      [ofSettled, open, {}, [true, false]],
      [ofSettled, open, { id: "told" }, [true, true]],
    ];
    for (const [inputs, provider, props, expected] of rows) {
      const message = new AnalyzerResource().setProvider(provider).setProperties(struct(props));
      expect(facts(fromOutputs(message, inputs)), JSON.stringify([inputs, props])).to.deep.equal(expected);
    }
  });
});
