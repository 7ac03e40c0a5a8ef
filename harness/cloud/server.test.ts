import { expect } from "chai";

import type { PackMetadata } from "./organization";
import { type Cloud, startCloud } from "./server";

/** A pack as the CLI would announce it. */
function announcement(versionTag: string): PackMetadata {
  return { name: "pack", displayName: "Pack", versionTag, policies: [] };
}

describe("The stand-in for Pulumi Cloud", () => {
  let cloud: Cloud;

  beforeEach(async () => {
    cloud = await startCloud("acme");
  });

  afterEach(() => cloud.close());

  async function call(method: string, path: string, body?: object, authorization = `token ${cloud.token}`) {
    const response = await fetch(`${cloud.url}${path}`, {
      method,
      headers: { authorization },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, answer: JSON.parse((await response.text()) || "{}") as unknown };
  }

  async function publish(versionTag: string): Promise<void> {
    const { answer } = await call("POST", "/api/orgs/acme/policypacks", announcement(versionTag));
    await fetch((answer as { uploadURI: string }).uploadURI, {
      method: "PUT",
      body: `tarball of ${versionTag}`,
    });
    await call("POST", `/api/orgs/acme/policypacks/pack/versions/${versionTag}/complete`);
  }

  const enable = (versionTag?: string) =>
    call("PATCH", "/api/orgs/acme/policygroups/default-policy-group", {
      addPolicyPack: { name: "pack", ...(versionTag ? { versionTag } : {}) },
    });

  it("listens on the loopback interface only", () => {
    expect(new URL(cloud.url).hostname).to.equal("127.0.0.1");
  });

  it("refuses a wrong token, a missing one, and its own token under another scheme", async () => {
    for (const header of ["token wrong", "", `Bearer ${cloud.token}`]) {
      expect((await call("GET", "/api/user", undefined, header)).status, header).to.equal(401);
    }
    expect((await call("GET", "/api/user")).status).to.equal(200);
  });

  it("refuses the user's token where the running update's lease is asked for", async () => {
    await call("POST", "/api/stacks/acme/web", { stackName: "prod" });
    const { answer } = await call("POST", "/api/stacks/acme/web/prod/preview", {});
    const update = `/api/stacks/acme/web/prod/update/${(answer as { updateID: string }).updateID}`;
    const { answer: started } = await call("POST", update, {});
    const lease = `update-token ${(started as { token: string }).token}`;
    expect((await call("POST", `${update}/complete`, { status: "succeeded" })).status).to.equal(401);
    expect((await call("POST", `${update}/complete`, { status: "succeeded" }, lease)).status).to.equal(200);
    expect(cloud.stacks.latestUpdate("acme", "web", "prod").status).to.equal("succeeded");
  });

  it("knows no organization but its own, and answers 404 to a call that it does not know", async () => {
    expect((await call("GET", "/api/orgs/other/policypacks")).status).to.equal(404);
    expect((await call("GET", "/api/no/such/call")).status).to.equal(404);
  });

  it("refuses to complete a version that was not uploaded, and does not list it", async () => {
    await call("POST", "/api/orgs/acme/policypacks", announcement("1.0.0"));
    const { status } = await call("POST", "/api/orgs/acme/policypacks/pack/versions/1.0.0/complete");
    expect(status).to.equal(400);
    expect((await call("GET", "/api/orgs/acme/policypacks")).answer).to.deep.equal({ policyPacks: [] });
    expect((await enable("1.0.0")).status).to.equal(404);
  });

  it("refuses to publish a version twice", async () => {
    await publish("1.0.0");
    const { status } = await call("POST", "/api/orgs/acme/policypacks", announcement("1.0.0"));
    expect(status).to.equal(409);
  });

  it("requires one version of a pack, the one enabled last, and the latest when none is named", async () => {
    await publish("1.0.0");
    await publish("2.0.0");
    await call("POST", "/api/stacks/acme/web", { stackName: "prod" });
    const required = async (): Promise<unknown[]> => {
      const { answer } = await call("GET", "/api/stacks/acme/web/prod/policypacks");
      return (answer as { requiredPolicies: { versionTag: string }[] }).requiredPolicies.map(
        (p) => p.versionTag,
      );
    };
    await enable();
    expect(await required()).to.deep.equal(["2.0.0"]);
    await enable("1.0.0");
    expect(await required()).to.deep.equal(["1.0.0"]);
  });

  it("describes a published version, and whether a policy group requires it", async () => {
    await publish("1.0.0");
    await publish("2.0.0");
    const described = (versionTag: string) =>
      call("GET", `/api/orgs/acme/policypacks/pack/versions/${versionTag}`);
    const second = { name: "pack", displayName: "Pack", version: 2, versionTag: "2.0.0", policies: [] };
    expect((await described("2.0.0")).answer).to.deep.equal({ ...second, applied: false });
    await enable();
    expect((await described("2.0.0")).answer).to.deep.equal({ ...second, applied: true });
    expect((await described("1.0.0")).answer).to.include({ version: 1, applied: false });
    expect((await described("3.0.0")).status).to.equal(404);
  });

  describe("a batch of changes to a policy group", () => {
    const PILOT = "/api/orgs/acme/policygroups/pilot";
    const web = { name: "prod", routingProject: "web" };
    const api = { name: "prod", routingProject: "api" };
    const batch = async (...changes: object[]) => (await call("PATCH", `${PILOT}/batch`, changes)).status;
    const group = async () => {
      const { answer } = await call("GET", PILOT);
      const { stacks, appliedPolicyPacks } = answer as {
        stacks: object[];
        appliedPolicyPacks: { versionTag: string }[];
      };
      return { stacks, packs: appliedPolicyPacks.map((p) => p.versionTag) };
    };
    beforeEach(async () => {
      await publish("1.0.0");
      await call("POST", "/api/orgs/acme/policygroups", { name: "pilot", entityType: "stacks" });
    });

    it("adds and removes stacks and packs, one each", async () => {
      const added = [{ addStack: web }, { addStack: api }, { addPolicyPack: { name: "pack" } }];
      expect(await batch(...added)).to.equal(200);
      expect(await group()).to.deep.equal({ stacks: [web, api], packs: ["1.0.0"] });
      expect(await batch({ removeStack: web }, { removePolicyPack: { name: "pack" } })).to.equal(200);
      expect(await group()).to.deep.equal({ stacks: [api], packs: [] });
    });

    it("is made as a whole or not at all", async () => {
      expect(await batch({ addStack: web }, { addPolicyPack: { name: "other" } })).to.equal(404);
      expect(await batch({ addStack: web }, { removeStack: api })).to.equal(404);
      expect(await group()).to.deep.equal({ stacks: [], packs: [] });
    });
  });
});
