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
const struct = (properties: Parameters<typeof Struct.fromJavaScript>[0]) => Struct.fromJavaScript(properties);

function providerWith(configuration: Parameters<typeof struct>[0]): AnalyzerProviderResource {
  const provider = new AnalyzerProviderResource();
  provider.setUrn("provider");
  provider.setProperties(struct(configuration));
  return provider;
}

/** What a resource is told as, besides its readers. */
const plain = ({ urn, type, hasOutputs, ignoreChanges, inThisRun }: Resource) => [
  ...[urn, type, hasOutputs, ignoreChanges, inThisRun],
];

describe("A resource as the engine tells of it", () => {
  it("is the least that it can be where the message is empty", () => {
    for (const resource of [fromInputs(new AnalyzeRequest()), fromOutputs(new AnalyzerResource(), undefined)]) {
      expect(plain(resource)).to.deep.equal(["", "", false, [], true]);
      expect([resource.provider, resource.read("bucket"), resource.input("bucket")]).to.deep.equal([
        ...[undefined, undefined, undefined],
      ]);
      expect(resource.references("bucket")).to.deep.equal([]);
    }
  });

  it("has its options, and no outputs, before it is made", () => {
    const request = new AnalyzeRequest();
    request.setUrn("urn");
    request.setType("type");
    request.setProperties(struct({ bucket: "data" }));
    request.setOptions(new AnalyzerResourceOptions());
    request.getOptions()?.setIgnorechangesList(["bucket"]);
    const resource = fromInputs(request);
    expect(plain(resource)).to.deep.equal(["urn", "type", false, ["bucket"], true]);
    expect([resource.read("bucket"), resource.input("bucket")]).to.deep.equal(["data", "data"]);
  });

  it("has what its outputs say, else its inputs, and the references of a property", () => {
    const request = new AnalyzeRequest();
    request.setProperties(struct({ bucket: "from inputs", acl: "private", region: "eu" }));
    const message = new AnalyzerResource();
    message.setUrn("urn");
    message.setType("type");
    message.setProperties(struct({ bucket: "from outputs", region: UNKNOWN_STRING, arn: UNKNOWN_STRING }));
    message.setOptions(new AnalyzerResourceOptions());
    message.getOptions()?.setIgnorechangesList(["acl"]);
    message.getPropertydependenciesMap().set("bucket", new AnalyzerPropertyDependencies().setUrnsList(["a", "b"]));
    const resource = fromOutputs(message, fromInputs(request));
    expect(plain(resource)).to.deep.equal(["urn", "type", true, ["acl"], true]);
    expect([resource.references("bucket"), resource.references("acl")]).to.deep.equal([["a", "b"], []]);
    expect(fromInputs(request).references("bucket")).to.deep.equal([]);
    const read = ["bucket", "acl", "region", "arn", "none"].map(resource.read);
    expect(read).to.deep.equal(["from outputs", "private", "eu", UNKNOWN, undefined]);
    expect(resource.input("bucket")).to.equal("from inputs");
  });

  it("has a secret where its outputs or its inputs have one", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "x" };
    const request = new AnalyzeRequest();
    request.setProperties(struct({ acl: secret, bucket: "data" }));
    const message = new AnalyzerResource();
    message.setProperties(struct({ acl: "x", bucket: "data", policy: { deep: [secret] } }));
    const keys = ["acl", "bucket", "policy", "none"];
    const inputs = fromInputs(request);
    expect(keys.map(inputs.isSecret)).to.deep.equal([true, false, false, false]);
    expect(keys.map(fromOutputs(message, inputs).isSecret)).to.deep.equal([true, false, true, false]);
    expect(keys.map(fromOutputs(message, undefined).isSecret)).to.deep.equal([false, false, true, false]);
  });

  it("is left out of the run where nothing is told of it, though its provider could be asked", () => {
    const settled = providerWith({ region: "eu-west-1", nested: [{ a: null }] });
    const open = providerWith({ nested: [null, { a: UNKNOWN_STRING }] });
    const request = (provider: AnalyzerProviderResource): AnalyzeRequest => {
      const message = new AnalyzeRequest();
      message.setProvider(provider);
      return message;
    };
    expect(fromInputs(new AnalyzeRequest()).isWithoutInputs).to.equal(true);
    expect(fromInputs(request(settled)).isWithoutInputs).to.equal(true);
    expect(fromInputs(request(open)).isWithoutInputs).to.equal(false);
    expect(fromInputs(request(settled)).inThisRun).to.equal(false);
    expect(fromInputs(request(open)).inThisRun).to.equal(true);

    const message = new AnalyzerResource();
    message.setProvider(settled);
    expect(fromOutputs(message, undefined).inThisRun).to.equal(false);
    expect(fromOutputs(message, undefined).isWithoutInputs).to.equal(false);
    expect(fromOutputs(message, fromInputs(request(settled))).isWithoutInputs).to.equal(true);
    expect(fromOutputs(message, fromInputs(request(settled))).inThisRun).to.equal(false);
    expect(fromOutputs(message, fromInputs(request(open))).inThisRun).to.equal(true);
    message.setProvider(open);
    expect(fromOutputs(message, undefined).inThisRun).to.equal(true);
    expect(fromOutputs(message, fromInputs(request(settled))).inThisRun).to.equal(false);
    message.setProperties(struct({ id: "told" }));
    expect(fromOutputs(message, fromInputs(request(settled))).inThisRun).to.equal(true);
  });

  it("has its provider's URN and configuration", () => {
    const request = new AnalyzeRequest();
    request.setProvider(providerWith({ region: "eu-west-1" }));
    const { provider } = fromInputs(request);
    expect([provider?.urn, provider?.read("region")]).to.deep.equal(["provider", "eu-west-1"]);
  });
});
