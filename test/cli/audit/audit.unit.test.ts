import { expect } from "chai";
import { documentOf, findingsOf, totalsOf } from "../../../cli/report/audit";
import { auditOf, stackOf, WEBSITE, website } from "./audits";
import { BLOCK, block, bucket, urnOf, type Entry, type Place, type Props } from "./states";

const RULE = "s3-bucket-public-access-block";
const FLAGS = "s3-public-access-block-flags";

describe("An audit", () => {
  it("reads no more stacks at once than it may, and tells of each", async () => {
    let [reading, most] = [0, 0];
    const told: [number, string][] = [];
    const sources = ["a", "b", "c", "d", "e"].map((name) => ({
      name,
      read: async () => {
        most = Math.max(most, ++reading);
        await new Promise((done) => setTimeout(done, 5));
        reading -= 1;
        return stackOf({});
      },
    }));
    const progress = (done: number, name: string): void => void told.push([done, name]);
    await auditOf({}, { change: { sources, jobs: 2, progress } });
    expect([most, told.map(([done]) => done), told.map(([, name]) => name).sort()]).to.deep.equal([
      2,
      [1, 2, 3, 4, 5],
      ["a", "b", "c", "d", "e"],
    ]);
  });

  it("evaluates what the program manages, and takes nothing else for a lock", async () => {
    const marks = ["delete", "pendingReplacement", "external"];
    const unlocked = marks.map((mark) => [bucket("data"), block("lock", "data", {}, { [mark]: true })]);
    const component = { custom: false };
    const found: [open: string[], ...stacks: Entry[][]][] = [
      [[], ...marks.map((mark) => [bucket("old", { [mark]: true })]), [bucket("none", component)]],
      [[], [bucket("data"), block("lock", "data")]],
      [["data"], ...unlocked, [bucket("data"), block("lock", "data", {}, component)]],
      [["bare"], [bucket("bare", { inputs: {}, outputs: {} })]],
    ];
    for (const [open, ...stacks] of found)
      for (const resources of stacks) {
        const findings = findingsOf(await auditOf({ a: stackOf({}, ...resources) }));
        expect(
          findings.map(({ name }) => name),
          JSON.stringify(resources),
        ).to.deep.equal(open);
      }
  });

  describe("of a bucket whose block has a flag off", () => {
    const lock = urnOf("logsLock", BLOCK, WEBSITE);
    const of = async (config?: object) =>
      findingsOf(await auditOf({ a: website() }, config === undefined ? {} : { config }))
        .filter(({ name }) => name !== "site")
        .map(({ name, blocks, covers }) => [name, blocks, covers]);
    const exemption = (urn: string) => ({ exemptions: [{ urn, reason: "r" }] });

    it("has one finding, as a preview has, which names what else has to be exempt with it", async () => {
      expect(await of()).to.deep.equal([["logs", true, [{ policy: FLAGS, urn: lock }]]]);
    });

    it("has that of the block where that of the bucket blocks nothing, or isn't asked for", async () => {
      const alone = ["logsLock", true, undefined];
      expect([
        await of({ [RULE]: "disabled" }),
        await of({ [RULE]: "advisory" }),
        await of({ [RULE]: exemption(urnOf("logs", undefined, WEBSITE)) }),
      ]).to.deep.equal([[alone], [alone, ["logs", false, undefined]], [alone, ["logs", false, undefined]]]);
    });

    it("covers what would block nothing by itself without a word, and needs its exemption", async () => {
      expect([await of({ [FLAGS]: "advisory" }), await of({ [FLAGS]: exemption(lock) })]).to.deep.equal([
        [["logs", true, undefined]],
        [["logs", true, undefined]],
      ]);
      const { exemptions } = await auditOf({ a: website() }, { config: { [FLAGS]: exemption(lock) } });
      expect(exemptions?.unused).to.deep.equal([]);
    });
  });

  it("groups what is wrong in the same way, whatever it is called, the most frequent first", async () => {
    const dev = website({ project: "website", stack: "dev" });
    const { sections } = documentOf(await auditOf({ a: website(), b: dev, c: stackOf({}, bucket("one")) }));
    const title = "Blocking: Bucket can be opened to the public:";
    expect(sections.map(({ policy, title, rows }) => [policy, title, rows.length])).to.deep.equal([
      [RULE, `${title} no public access block targets it`, 3],
      [RULE, `${title} public access block doesn't have the four flags on`, 2],
    ]);
  });

  it("names the place in the program, as far as it is the project's own", async () => {
    const [library, outside, absolute] = [
      "project:///node_modules/lib/index.js#1,1",
      "project:///../shared/a.ts#2,2",
      "project:///file:/home/me/index.js#3,3",
    ];
    const places: [frames: string[], place: object | undefined][] = [
      [["project:///src/a%20b.ts#8,11"], { file: "src/a b.ts", line: 8, column: 11 }],
      [["project:///index.go#8"], { file: "index.go", line: 8 }],
      [[library, outside, absolute, "project:///index.ts#4,5"], { file: "index.ts", line: 4, column: 5 }],
      [[outside, library, absolute], undefined],
    ];
    for (const [[sourcePosition, ...more], place] of places) {
      const stackTrace = more.map((each) => ({ sourcePosition: each }));
      const result = await auditOf({ a: stackOf({}, bucket("data", { sourcePosition, stackTrace })) });
      expect(findingsOf(result)[0]?.position, sourcePosition).to.deep.equal(place);
    }
  });

  it("knows the component that a resource is in, and has one finding for a synced folder", async () => {
    const home = "synced-folder:index:S3BucketFolder";
    const type = "aws:s3/bucketObject:BucketObject";
    const folder = {
      ...{ urn: urnOf("site", home), type: home, custom: false },
      sourcePosition: "project:///index.ts#4,5",
    };
    const file = (name: string) =>
      bucket(name, {
        ...{ urn: urnOf(name, `${home}$${type}`), type, parent: folder.urn },
        ...{ inputs: { acl: "public-read" }, outputs: { acl: "public-read" } },
      });
    const site = { urn: urnOf("web", "acme:web:Site"), type: "acme:web:Site", custom: false };
    const inside = { urn: urnOf("data", "acme:web:Site$aws:s3/bucket:Bucket"), parent: site.urn };
    const result = await auditOf({ a: stackOf({}, folder, file("a"), file("b"), site, bucket("data", inside)) });
    expect(
      findingsOf(result).map(({ name, problem, position }) => [name, problem.split("\n").slice(0, 2), position]),
    ).to.deep.equal([
      [
        "data",
        [
          "Bucket 'data' can be opened to the public: no public access block targets it.",
          "Made inside acme:web:Site 'web'.",
        ],
        undefined,
      ],
      [
        "site",
        [
          "Synced folder 'site' makes 2 objects public, by the canned ACL public-read.",
          "Upload them as private, and let visitors in through CloudFront (docs/recipes.md):",
        ],
        { file: "index.ts", line: 4, column: 5 },
      ],
    ]);
  });

  it("writes the fix in the language that the places of the state tell", async () => {
    const fixOf = async (sourcePosition: string) => {
      const other = { sourcePosition, type: "aws:s3/bucketObject:BucketObject" };
      return findingsOf(await auditOf({ a: stackOf({}, bucket("data"), bucket("file", other)) }))[0];
    };
    const [python, go, unknown] = [
      await fixOf("project:///__main__.py#3"),
      await fixOf("project:///shop/main.go#8"),
      await fixOf("project:///main.rb#1"),
    ];
    expect([python?.fix?.split("\n")[0], python?.more, go?.fix?.split("\n")[0], unknown?.more]).to.deep.equal([
      "aws.s3.BucketPublicAccessBlock(",
      undefined,
      'if _, err := s3.NewBucketPublicAccessBlock(ctx, "dataAccessBlock", &s3.BucketPublicAccessBlockArgs{',
      "This is TypeScript: nothing told the language of the program.",
    ]);
  });
});

describe("An audit with a configuration", () => {
  const config = {
    all: { enforcementLevel: "mandatory", exemptionRules: { widest: "name" } },
    [RULE]: {
      exemptions: [
        { urn: urnOf("site", undefined, WEBSITE), reason: "static site", expires: "2026-12-01" },
        { urn: "urn:pulumi:prod::**::logs", reason: "no approver" },
        { urn: urnOf("logs", undefined, WEBSITE), reason: "was to be fixed", expires: "2026-11-24" },
        { urn: "urn:pulumi:prod::website::**::data", reason: "locked since" },
      ],
    },
    [FLAGS]: "advisory",
    "s3-no-public-acl": { enforcementLevel: "disabled" },
  };

  it("knows who is exempt, what runs out soon, what has run out, and what nothing needs", async () => {
    const result = await auditOf({ a: website() }, { config });
    expect(findingsOf(result).map(({ name, kind, message }) => [name, kind, message.split("\n").at(-1)])).to.deep.equal(
      [
        ["logs", "violation", "Its exemption breaks all.exemptionRules.widest, so that it doesn't hold: no approver"],
        ["site", "exempt", "Bucket 'site' can be opened to the public: no public access block targets it."],
      ],
    );
    const [site, wide, logs, data] = config[RULE].exemptions.map((each) => ({ policy: RULE, ...each }));
    const breaks = { rule: "exemptionRules.widest", why: "its URN doesn't spell out the project" };
    const broken = { ...wide, breaks };
    expect(result.exemptions).to.deep.equal({
      within: 30,
      expired: [logs],
      expiring: [site],
      broken: [broken],
      broadest: [{ ...broken, findings: 1 }],
      lasting: [{ ...broken, findings: 1 }],
      reaching: [],
      unused: [logs, data],
    });
    const { blocking, advisory, exempt } = totalsOf(result);
    expect({ blocking, advisory, exempt }).to.deep.equal({ blocking: 1, advisory: 0, exempt: 1 });
  });
});

describe("A block in another stack", () => {
  const home: Place = { project: "lake", stack: "prod" };
  const away: Place = { project: "security", stack: "prod" };
  const lake = stackOf(home, bucket("data", {}, home));
  const foreign: Props = { propertyDependencies: {} };
  const flagsOff = { blockPublicPolicy: false };
  const lockOf = (place: Place, flags = {}, change = foreign) =>
    stackOf(place, block("lock", "data", flags, change, place));
  const urn = "urn:pulumi:prod::security::aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::lock";

  const about = async (states: Record<string, string>, acceptOtherStacks = false) => {
    const findings = findingsOf(await auditOf(states, { change: { acceptOtherStacks } }));
    return findings.filter(({ policy }) => policy === RULE).map(({ name, elsewhere }) => [name, elsewhere]);
  };

  it("that names the bucket is told, and counts where the audit is asked to count it", async () => {
    const states = { lake, security: lockOf(away) };
    expect([await about(states), await about(states, true)]).to.deep.equal([
      [["data", { stack: "security", urn, locks: true }]],
      [],
    ]);
  });

  it("locks nothing if it has a flag off itself or in a twin, or is for a partition that isn't known", async () => {
    const unknown = block("lock", "data", {}, { ...foreign, provider: "", outputs: {} }, away);
    for (const states of [
      { security: lockOf(away, flagsOff) },
      { other: lockOf({ project: "a", stack: "b" }), security: lockOf(away, flagsOff) },
      { security: stackOf(away, unknown) },
    ])
      for (const accept of [false, true])
        expect(await about({ lake, ...states }, accept)).to.deep.equal([
          ["data", { stack: "security", urn, locks: false }],
        ]);
  });

  it("isn't noted if it is only read there, names another bucket, is in China, or in a copy of the same stack", async () => {
    const china = { ...foreign, outputs: { bucket: "data-1a2b3c4", region: "cn-north-1" } };
    for (const security of [
      lockOf(away, {}, { ...foreign, external: true }),
      stackOf(away, block("lock", "other", {}, foreign, away)),
      stackOf(away, block("lock", "data", {}, china, away)),
    ])
      expect(await about({ lake, security }, true)).to.deep.equal([["data", undefined]]);
    const copies = await about({ "copy-1": lake, "copy-2": lake }, true);
    expect(copies).to.deep.equal([
      ["data", undefined],
      ["data", undefined],
    ]);
  });

  it("doesn't lock a bucket whose own block has a flag off, or may target it with one off", async () => {
    const weakOwn = stackOf(home, bucket("data", {}, home), block("own", "data", flagsOff, {}, home));
    const type = "random:index/randomId:RandomId";
    const unknown = { inputs: { bucket: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, outputs: {} };
    const unproven = stackOf(
      home,
      bucket("data", {}, home),
      block(
        "own",
        "data",
        {},
        { ...unknown, propertyDependencies: { bucket: [urnOf("data", undefined, home), urnOf("x", type, home)] } },
        home,
      ),
    );
    const security = lockOf(away);
    expect([
      (await about({ lake: weakOwn, security }, true)).length,
      (await about({ lake: unproven, security }, true)).map(([name]) => name),
    ]).to.deep.equal([1, ["data"]]);
  });
});
