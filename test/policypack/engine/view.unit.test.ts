import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { expect } from "chai";
import { analyzeRequest, analyzeStackRequest } from "../../harness/engine/analyzer-messages";
import * as substitute from "../../../policypack/engine/substitutes/analyzer-service";
import { EngineView } from "../../../policypack/engine/view";
import { block, bucket } from "../resources";

const view = (): EngineView =>
  new EngineView(
    () => true,
    () => true,
  );
const lock = block("lock", "data");
const analyze = Buffer.from(analyzeRequest(lock).serializeBinary());
const analyzeStack = Buffer.from(analyzeStackRequest([bucket("data"), lock]).serializeBinary());

describe("What the engine tells", () => {
  it("is seen by the view through whose service it comes, and by no other", () => {
    const [seeing, other] = [view(), view()];
    seeing.service.analyze.requestDeserialize(analyze);
    seeing.service.analyzeStack.requestDeserialize(analyzeStack);
    expect(seeing.resource(lock.urn).read("blockPublicAcls")).to.equal(true);
    expect(seeing.stack().map(({ urn }) => urn)).to.deep.equal([bucket("data").urn, lock.urn]);
    expect(() => other.resource(lock.urn)).to.throw("could not read the engine's request");
    expect(() => other.stack()).to.throw("could not read the engine's request");
  });

  it("reaches the SDK without the properties, which it would unpack for each policy and resource", () => {
    const { service } = view();
    const [one, all] = [
      service.analyze.requestDeserialize(analyze),
      service.analyzeStack.requestDeserialize(analyzeStack),
    ];
    expect([one.getUrn(), one.getProperties()?.toJavaScript()]).to.deep.equal([lock.urn, {}]);
    expect(all.getResourcesList()).to.deep.equal([]);
  });

  it("stays what it is for whoever else uses the protocol", () => {
    const decoders = Object.values(AnalyzerService).map(({ requestDeserialize }) => requestDeserialize);
    view().service.analyze.requestDeserialize(analyze);
    expect(Object.values(AnalyzerService).map(({ requestDeserialize }) => requestDeserialize)).to.deep.equal(decoders);
    const { blockPublicAcls } =
      AnalyzerService.analyze.requestDeserialize(analyze).getProperties()?.toJavaScript() ?? {};
    expect(blockPublicAcls).to.equal(true);
  });

  it("is an error where it wasn't seen, which says how to install a pack that sees the engine's requests", () => {
    expect(() => view().resource("urn:pulumi:dev::test::type::unseen")).to.throw(
      /^the policy pack could not read the engine's request: .* don't belong together\. Install the pack with the npm-shrinkwrap\.json that it comes with\.$/,
    );
  });
});

describe("The service that the SDK's server finds", () => {
  const { serving } = substitute;

  it("is the one that the server is started with, while it starts", () => {
    const { service } = view();
    const found: unknown[] = [substitute.AnalyzerService];
    serving(service, () => found.push(substitute.AnalyzerService));
    found.push(substitute.AnalyzerService);
    expect(found.map((each) => [AnalyzerService, service].findIndex((known) => known === each))).to.deep.equal([
      0, 1, 0,
    ]);
  });

  it("is the protocol's again when the start fails", () => {
    const start = (): void => {
      throw new Error("no port");
    };
    expect(() => {
      serving(view().service, start);
    }).to.throw("no port");
    expect(substitute.AnalyzerService).to.equal(AnalyzerService);
  });
});
