import { expect } from "chai";
import {
  boot,
  UNKNOWN,
  type Analyzer,
  type Diagnostic,
  type Props,
  type Resource,
} from "../../../harness/engine/analyzer";
import { urn } from "../resources";
import { door, note, ROOT, violation } from "./doors";

const POLICY = "s3-no-public-folder";
const FOLDER = "synced-folder:index:S3BucketFolder";
const TYPE = "aws:s3/bucketObject:BucketObject";

/** The objects of a folder, one for each ACL. */
function objects(folder: string, acls: readonly Props[string][], within = ""): Resource[] {
  return acls.map((acl, index) => ({
    ...door(TYPE, { key: String(index), acl }),
    urn: urn(`${folder}-${String(index)}`, `${within}${FOLDER}$${TYPE}`),
    parent: urn(folder, `${within}${FOLDER}`),
  }));
}

const times = (count: number, acl: Props[string]): Props[string][] =>
  Array.from({ length: count }, () => acl);

describe(POLICY, () => {
  let pack: Analyzer;
  before(async () => {
    pack = await boot(ROOT);
  });
  after(() => pack.close());

  async function evaluate(...resources: Resource[]): Promise<Diagnostic[]> {
    const found: Diagnostic[] = [];
    for (const each of resources) found.push(...(await pack.analyze(each)));
    return [...found, ...(await pack.analyzeStack(resources))];
  }

  const FIX = [
    "Upload them as private, and let visitors in through CloudFront (docs/recipes.md):",
    '      acl: "private",',
  ];

  it("makes one finding of 300 public objects, on their folder, which one exemption is for", async () => {
    const site = objects("site", times(300, "public-read"));
    const folder = urn("site", FOLDER);
    const what = "Synced folder 'site' makes 300 objects public, by the canned ACL public-read.";
    expect(await evaluate(...site)).to.deep.equal([violation(POLICY, folder, what, ...FIX)]);
    const exemptions = [{ urn: folder, reason: "reviewed" }];
    await pack.configure({ [POLICY]: { props: { exemptions } } });
    expect(await evaluate(...site)).to.deep.equal([note(POLICY, folder, `Exempt: reviewed\n${what}`)]);
    await pack.configure({});
  });

  it("tells folders apart, those in components included, and counts what is public in each", async () => {
    const all = [
      ...objects("a", ["public-read", "private"]),
      ...objects("b", times(2, "public-read-write")),
      ...objects("c", ["private"]),
      ...objects("d", ["authenticated-read"], "acme:index:Site$"),
    ];
    const found = (await evaluate(...all)).map(({ message }) => message.split("\n")[0]);
    expect(found.sort()).to.deep.equal([
      "Synced folder 'a' makes 1 object public, by the canned ACL public-read.",
      "Synced folder 'b' makes 2 objects public, by the canned ACL public-read-write.",
      "Synced folder 'd' makes 1 object public, by the canned ACL authenticated-read.",
    ]);
  });

  it("notes an ACL that isn't known yet, unless another is public", async () => {
    const folder = urn("site", FOLDER);
    expect(await evaluate(...objects("site", ["private", UNKNOWN]))).to.deep.equal([
      note(
        POLICY,
        folder,
        "Unverified: Synced folder 'site' can't be evaluated: the canned ACL of its objects is not known yet. The update evaluates it again.",
      ),
    ]);
    const [found, ...more] = await evaluate(...objects("site", [UNKNOWN, "public-read", 1]));
    expect(more).to.deep.equal([]);
    expect(found).to.deep.equal(
      violation(
        POLICY,
        folder,
        "Synced folder 'site' makes 2 objects public, by the canned ACL public-read.",
        ...FIX,
      ),
    );
  });

  it("leaves other objects to s3-no-public-acl, those of another component's included", async () => {
    const object = door(TYPE, { acl: "public-read" });
    const odd = {
      ...object,
      urn: urn("odd", `acme:synced-folder:index:S3BucketFolders$${TYPE}`),
      parent: urn("x"),
    };
    expect((await evaluate(object, odd)).map(({ policy }) => policy)).to.deep.equal([
      "s3-no-public-acl",
      "s3-no-public-acl",
    ]);
  });
});
