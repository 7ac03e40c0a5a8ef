import { expect } from "chai";
import { applyEdits, toEdit } from "../../../cli/source/edit";
import { callAt, makerIn } from "../../../cli/source/find";
import { mend } from "../../../cli/source/mend";
import { grammarOf, parse } from "../../../cli/source/syntax";
import { declarationOf, mendDeclared } from "../../../cli/source/yaml";

const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const FLAGS = ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"];

interface Case {
  title: string;
  /** Its ending tells the language. */
  file: string;
  /** The source, without the indentation of the test. */
  before: string;
  /** What it becomes; undefined where nothing can be changed. */
  after?: string;
  /** The logical name; "site" unless told. */
  name?: string;
  type?: string;
  properties?: string[];
}

/** The lines without what they are all indented by, and SETTINGS as the four flags of TypeScript. */
function lines(text: string): string {
  const all = text.replace(/^\n/, "").trimEnd().split("\n");
  const indent = Math.min(...all.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  const flush = all.map((line) => line.slice(indent)).join("\n");
  return `${flush.replace(/^( *)SETTINGS$/m, (_line, at: string) => FLAGS.map((flag) => `${at}${flag}: true,`).join("\n"))}\n`;
}

function mended({
  file,
  before,
  name = "site",
  type = BUCKET,
  properties = FLAGS,
}: Case): string | undefined {
  const text = lines(before);
  const wanted = { kind: type === BUCKET ? ("block" as const) : ("properties" as const), properties };
  const grammar = grammarOf(file);
  let found;
  if (grammar === undefined) {
    const declared = declarationOf(text, { type, name });
    found = declared && mendDeclared(declared, wanted);
  } else {
    const source = parse(text, grammar, file);
    const call = makerIn(source, { type, name }, true);
    found = call && mend(source, call, wanted);
  }
  const groups = found?.groups.filter(({ length }) => length > 0) ?? [];
  if (groups.length === 0) return undefined;
  return applyEdits(
    text,
    groups.map((group) => toEdit(file, text, group)),
  );
}

const CASES: Case[] = [
  {
    title: "a variable in TypeScript",
    file: "index.ts",
    before: `
      import * as aws from "@pulumi/aws";
      const site = new aws.s3.Bucket("site", {
        acl: "private",
      });
      export const name = site.id;`,
    after: `
      import * as aws from "@pulumi/aws";
      const site = new aws.s3.Bucket("site", {
        acl: "private",
      });
      new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {
        bucket: site.id,
        SETTINGS
      });
      export const name = site.id;`,
  },
  {
    title: "an exported variable with a provider",
    file: "index.ts",
    before: `
      export const site = new aws.s3.Bucket("site", {}, { provider: east, protect: true });`,
    after: `
      export const site = new aws.s3.Bucket("site", {}, { provider: east, protect: true });
      new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {
        bucket: site.id,
        SETTINGS
      }, { provider: east });`,
  },
  {
    title: "a bucket that is in no variable, whose name is a word of the language, quoted",
    file: "index.js",
    name: "class",
    before: `
      new aws.s3.Bucket('class');`,
    after: `
      const classBucket = new aws.s3.Bucket('class');
      new aws.s3.BucketPublicAccessBlock('classAccessBlock', {
        bucket: classBucket.id,
        SETTINGS
      });`,
  },
  {
    title: "a bucket that is in no variable, whose name has quotes in it",
    file: "index.ts",
    name: 'the "kit"',
    before: `
      new aws.s3.Bucket('the "kit"');`,
    after: `
      const theKit = new aws.s3.Bucket('the "kit"');
      new aws.s3.BucketPublicAccessBlock('the "kit"AccessBlock', {
        bucket: theKit.id,
        SETTINGS
      });`,
  },
  {
    title: "a member of a component, by a class that is imported by its name",
    file: "site.ts",
    name: "pages",
    before: `
      import { Bucket } from "@pulumi/aws/s3";
      class Site extends ComponentResource {
        constructor(name: string) {
          super("shop:index:Site", name);
          this.pages = new Bucket("pages", {}, { parent: this });
        }
      }`,
    after: `
      import { Bucket, BucketPublicAccessBlock } from "@pulumi/aws/s3";
      class Site extends ComponentResource {
        constructor(name: string) {
          super("shop:index:Site", name);
          this.pages = new Bucket("pages", {}, { parent: this });
          new BucketPublicAccessBlock("pagesAccessBlock", {
            bucket: this.pages.id,
            SETTINGS
          }, { parent: this });
        }
      }`,
  },
  {
    title: "a class that has its file to itself",
    file: "index.js",
    before: `
      const { Bucket } = require("@pulumi/aws/s3/bucket");
      const site = new Bucket("site");`,
    after: `
      const { Bucket } = require("@pulumi/aws/s3/bucket");
      const { BucketPublicAccessBlock } = require("@pulumi/aws/s3/bucketPublicAccessBlock");
      const site = new Bucket("site");
      new BucketPublicAccessBlock("siteAccessBlock", {
        bucket: site.id,
        SETTINGS
      });`,
  },
  {
    title: "an arrow function of a map",
    file: "index.ts",
    name: "team-a",
    before: `
      const all = teams.map(
        (team) => new aws.s3.Bucket(\`team-\${team}\`),
      );`,
    after: `
      const all = teams.map(
        (team) => {
          const bucket = new aws.s3.Bucket(\`team-\${team}\`);
          new aws.s3.BucketPublicAccessBlock(\`team-\${team}AccessBlock\`, {
            bucket: bucket.id,
            SETTINGS
          });
          return bucket;
        },
      );`,
  },
  {
    title: "what a function returns, by a name that it is given",
    file: "index.ts",
    name: "anything",
    before: `
      function make(name: string) {
        return new aws.s3.Bucket(name);
      }`,
    after: `
      function make(name: string) {
        const bucket = new aws.s3.Bucket(name);
        new aws.s3.BucketPublicAccessBlock(\`\${name}AccessBlock\`, {
          bucket: bucket.id,
          SETTINGS
        });
        return bucket;
      }`,
  },
  {
    title: "options that can't be read: a provider may be among them",
    file: "index.ts",
    before: `const site = new aws.s3.Bucket("site", {}, options);`,
  },
  {
    title: "options with others' spread among them",
    file: "index.ts",
    before: `const site = new aws.s3.Bucket("site", {}, { ...options, protect: true });`,
  },
  {
    title: "a statement that is all of an if",
    file: "index.ts",
    before: `if (isPublic) new aws.s3.Bucket("site");`,
  },
  {
    title: "two statements on a line",
    file: "index.ts",
    before: `const site = new aws.s3.Bucket("site"); use(site);`,
  },
  {
    title: "a value among others, which gets a variable before them",
    file: "index.ts",
    before: `
      export const all = {
        list: [
          new aws.s3.Bucket("site", {
            acl: "private",
          }, { provider }),
        ],
      };`,
    after: `
      const site = new aws.s3.Bucket("site", {
        acl: "private",
      }, { provider });
      new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {
        bucket: site.id,
        SETTINGS
      }, { provider });
      export const all = {
        list: [
          site,
        ],
      };`,
  },
  {
    title: "a value that is computed from others",
    file: "index.ts",
    before: `const all = [isPublic ? new aws.s3.Bucket("site") : undefined];`,
  },
  {
    title: "a value among others, of two declarations",
    file: "index.ts",
    before: `const one = 1, all = [new aws.s3.Bucket("site")];`,
  },
  {
    title: "a value among others with a text of several lines",
    file: "index.ts",
    before: `
      const all = [new aws.s3.Bucket("site", { tags: { note: \`a
        b\` } })];`,
  },
  {
    title: "a variable in Python with a provider and a parent",
    file: "__main__.py",
    before: `
      import pulumi_aws as aws

      site = aws.s3.Bucket("site", acl="private", opts=pulumi.ResourceOptions(parent=self, provider=east, protect=True))
      pulumi.export("name", site.id)`,
    after: `
      import pulumi_aws as aws

      site = aws.s3.Bucket("site", acl="private", opts=pulumi.ResourceOptions(parent=self, provider=east, protect=True))
      aws.s3.BucketPublicAccessBlock(
          "siteAccessBlock",
          bucket=site.id,
          block_public_acls=True,
          ignore_public_acls=True,
          block_public_policy=True,
          restrict_public_buckets=True,
          opts=pulumi.ResourceOptions(parent=self, provider=east),
      )
      pulumi.export("name", site.id)`,
  },
  {
    title: "a loop in Python, by a class that is imported by its name",
    file: "__main__.py",
    name: "team-a",
    before: `
      from pulumi_aws.s3 import Bucket

      for team in teams:
          Bucket(f"team-{team}")`,
    after: `
      from pulumi_aws.s3 import Bucket, BucketPublicAccessBlock

      for team in teams:
          bucket = Bucket(f"team-{team}")
          BucketPublicAccessBlock(
              f"team-{team}AccessBlock",
              bucket=bucket.id,
              block_public_acls=True,
              ignore_public_acls=True,
              block_public_policy=True,
              restrict_public_buckets=True,
          )`,
  },
  {
    title: "keywords in Python that are spread",
    file: "__main__.py",
    before: `site = aws.s3.Bucket("site", **options)`,
  },
  {
    title: "options in Python with a parent that has no keyword",
    file: "__main__.py",
    before: `site = aws.s3.Bucket("site", opts=pulumi.ResourceOptions(self))`,
  },
  {
    title: "an element of a list in Python",
    file: "__main__.py",
    before: `
      def make():
          return {"all": [aws.s3.Bucket("site")]}`,
    after: `
      def make():
          site = aws.s3.Bucket("site")
          aws.s3.BucketPublicAccessBlock(
              "siteAccessBlock",
              bucket=site.id,
              block_public_acls=True,
              ignore_public_acls=True,
              block_public_policy=True,
              restrict_public_buckets=True,
          )
          return {"all": [site]}`,
  },
  {
    title: "an element of a comprehension in Python",
    file: "__main__.py",
    before: `all = [aws.s3.Bucket("site") for _ in range(1)]`,
  },
  {
    title: "a variable in Go that is there before",
    file: "main.go",
    before: `
      func run(ctx *pulumi.Context) error {
      	var site *s3.Bucket
      	var err error
      	if site, err = s3.NewBucket(ctx, "site", nil); err != nil {
      		return err
      	}
      	return nil
      }`,
    after: `
      func run(ctx *pulumi.Context) error {
      	var site *s3.Bucket
      	var err error
      	if site, err = s3.NewBucket(ctx, "site", nil); err != nil {
      		return err
      	}
      	if _, err := s3.NewBucketPublicAccessBlock(ctx, "siteAccessBlock", &s3.BucketPublicAccessBlockArgs{
      		Bucket:                site.ID(),
      		BlockPublicAcls:       pulumi.Bool(true),
      		IgnorePublicAcls:      pulumi.Bool(true),
      		BlockPublicPolicy:     pulumi.Bool(true),
      		RestrictPublicBuckets: pulumi.Bool(true),
      	}); err != nil {
      		return err
      	}
      	return nil
      }`,
  },
  {
    title: "nothing in Go that holds the bucket, with an error that is there before",
    file: "main.go",
    before: `
      func run(ctx *pulumi.Context) error {
      	var err error
      	_, err = s3.NewBucket(ctx, "site", nil)
      	if err != nil {
      		return err
      	}
      	return nil
      }`,
  },
  {
    title: "a variable in Go, behind the check of its error",
    file: "main.go",
    before: `
      func run(ctx *pulumi.Context) (*s3.Bucket, error) {
      	site, err := s3.NewBucket(ctx, "site", &s3.BucketArgs{}, pulumi.Provider(east), pulumi.Protect(true))
      	if err != nil {
      		return nil, err
      	}
      	return site, nil
      }`,
    after: `
      func run(ctx *pulumi.Context) (*s3.Bucket, error) {
      	site, err := s3.NewBucket(ctx, "site", &s3.BucketArgs{}, pulumi.Provider(east), pulumi.Protect(true))
      	if err != nil {
      		return nil, err
      	}
      	if _, err := s3.NewBucketPublicAccessBlock(ctx, "siteAccessBlock", &s3.BucketPublicAccessBlockArgs{
      		Bucket:                site.ID(),
      		BlockPublicAcls:       pulumi.Bool(true),
      		IgnorePublicAcls:      pulumi.Bool(true),
      		BlockPublicPolicy:     pulumi.Bool(true),
      		RestrictPublicBuckets: pulumi.Bool(true),
      	}, pulumi.Provider(east)); err != nil {
      		return nil, err
      	}
      	return site, nil
      }`,
  },
  {
    title: "a bucket in Go that nothing holds, in a loop",
    file: "main.go",
    name: "team-a",
    before: `
      func run(ctx *pulumi.Context) error {
      	for _, team := range teams {
      		if _, err := s3.NewBucket(ctx, "team-"+team, nil); err != nil {
      			return err
      		}
      	}
      	return nil
      }`,
    after: `
      func run(ctx *pulumi.Context) error {
      	for _, team := range teams {
      		bucket, err := s3.NewBucket(ctx, "team-"+team, nil)
      		if err != nil {
      			return err
      		}
      		if _, err := s3.NewBucketPublicAccessBlock(ctx, "team-"+team+"AccessBlock", &s3.BucketPublicAccessBlockArgs{
      			Bucket:                bucket.ID(),
      			BlockPublicAcls:       pulumi.Bool(true),
      			IgnorePublicAcls:      pulumi.Bool(true),
      			BlockPublicPolicy:     pulumi.Bool(true),
      			RestrictPublicBuckets: pulumi.Bool(true),
      		}); err != nil {
      			return err
      		}
      	}
      	return nil
      }`,
  },
  {
    title: "an error in Go with an else",
    file: "main.go",
    before: `
      func run(ctx *pulumi.Context) error {
      	if site, err := s3.NewBucket(ctx, "site", nil); err != nil {
      		return err
      	} else {
      		use(site)
      	}
      	return nil
      }`,
  },
  {
    title: "options in Go that are spread",
    file: "main.go",
    before: `
      func run(ctx *pulumi.Context, opts ...pulumi.ResourceOption) error {
      	site, err := s3.NewBucket(ctx, "site", nil, opts...)
      	if err != nil {
      		return err
      	}
      	return nil
      }`,
  },
  {
    title: "a resource in YAML with a provider",
    file: "Pulumi.yaml",
    before: `
      name: shop
      runtime: yaml
      resources:
        # The pages.
        site:
          type: aws:s3:Bucket
          options:
            provider: \${east}
            protect: true

      outputs:
        name: \${site.id}`,
    after: `
      name: shop
      runtime: yaml
      resources:
        # The pages.
        site:
          type: aws:s3:Bucket
          options:
            provider: \${east}
            protect: true
        siteAccessBlock:
          type: aws:s3:BucketPublicAccessBlock
          properties:
            bucket: \${site.id}
            blockPublicAcls: true
            ignorePublicAcls: true
            blockPublicPolicy: true
            restrictPublicBuckets: true
          options:
            provider: \${east}

      outputs:
        name: \${site.id}`,
  },
  {
    title: "a resource in YAML on one line",
    file: "Pulumi.yaml",
    before: `resources: { site: { type: "aws:s3:Bucket" } }`,
  },
];

const WEAK: Case[] = [
  {
    title: "flags in TypeScript that are off, computed, or left out",
    file: "index.ts",
    before: `
      new aws.s3.BucketPublicAccessBlock("site", {
        bucket: site.id,
        blockPublicAcls: false,
        ignorePublicAcls,
        blockPublicPolicy: config.isLocked, // for now
      });`,
    after: `
      new aws.s3.BucketPublicAccessBlock("site", {
        bucket: site.id,
        blockPublicAcls: true,
        ignorePublicAcls: true,
        blockPublicPolicy: true,
        restrictPublicBuckets: true, // for now
      });`,
  },
  {
    title: "flags in TypeScript on one line",
    file: "index.ts",
    before: `new BucketPublicAccessBlock("site", { bucket: site.id, blockPublicAcls: false });`,
    properties: ["blockPublicAcls", "ignorePublicAcls"],
    after: `new BucketPublicAccessBlock("site", { bucket: site.id, blockPublicAcls: true, ignorePublicAcls: true });`,
  },
  {
    title: "flags that come from elsewhere",
    file: "index.ts",
    before: `new BucketPublicAccessBlock("site", { ...flags, bucket: site.id });`,
  },
  {
    title: "flags in Python",
    file: "__main__.py",
    before: `
      aws.s3.BucketPublicAccessBlock(
          "site",
          bucket=site.id,
          block_public_acls=False,
      )`,
    properties: ["blockPublicAcls", "restrictPublicBuckets"],
    after: `
      aws.s3.BucketPublicAccessBlock(
          "site",
          bucket=site.id,
          block_public_acls=True,
          restrict_public_buckets=True,
      )`,
  },
  {
    title: "flags in Go",
    file: "main.go",
    before: `
      func run() {
      	s3.NewBucketPublicAccessBlock(ctx, "site", &s3.BucketPublicAccessBlockArgs{
      		Bucket:          site.ID(),
      		BlockPublicAcls: pulumi.Bool(false),
      	})
      }`,
    properties: ["blockPublicAcls", "skipDestroy"],
    after: `
      func run() {
      	s3.NewBucketPublicAccessBlock(ctx, "site", &s3.BucketPublicAccessBlockArgs{
      		Bucket:          site.ID(),
      		BlockPublicAcls: pulumi.Bool(true),
      		SkipDestroy: pulumi.Bool(true),
      	})
      }`,
  },
  {
    title: "flags in YAML",
    file: "Pulumi.yaml",
    before: `
      resources:
        site:
          type: aws:s3:BucketPublicAccessBlock
          properties:
            bucket: \${bucket.id}
            blockPublicAcls: false # for now
        other:
          type: aws:s3:Bucket`,
    properties: ["blockPublicAcls", "ignorePublicAcls"],
    after: `
      resources:
        site:
          type: aws:s3:BucketPublicAccessBlock
          properties:
            bucket: \${bucket.id}
            blockPublicAcls: true # for now
            ignorePublicAcls: true
        other:
          type: aws:s3:Bucket`,
  },
].map((each) => ({ ...each, type: BLOCK }));

describe("the change that mends", () => {
  for (const each of [...CASES, ...WEAK]) {
    it(`${each.after === undefined ? "leaves" : "knows"} ${each.title}`, () => {
      expect(mended(each)).to.equal(each.after === undefined ? undefined : lines(each.after));
    });
  }

  it("gives two buckets of one scope two names", () => {
    const text = "new aws.s3.Bucket(one);\nnew aws.s3.Bucket(two);\n";
    const source = parse(text, "javascript");
    const edits = source.calls.flatMap((call) =>
      (mend(source, call, { kind: "block", properties: [] })?.groups ?? []).map((group) =>
        toEdit("index.ts", text, group),
      ),
    );
    expect(applyEdits(text, edits).match(/const \w+/g)).to.deep.equal(["const bucket", "const newBucket"]);
  });

  it("looks for a name of many parts in no time", () => {
    const text = `new aws.s3.Bucket(\`${"${a}a".repeat(200)}b\`);`;
    const source = parse(text, "javascript");
    expect(makerIn(source, { type: BUCKET, name: "a".repeat(2000) })).to.equal(undefined);
    expect(makerIn(source, { type: BUCKET, name: `${"a".repeat(2000)}b` })).to.equal(source.calls[0]);
  });

  it("keeps the line breaks of Windows", () => {
    const text = 'const site = new aws.s3.Bucket("site");\r\nuse(site);\r\n';
    const source = parse(text, "javascript");
    const call = makerIn(source, { type: BUCKET, name: "site" });
    const groups =
      (call && mend(source, call, { kind: "block", properties: ["blockPublicAcls"] }))?.groups ?? [];
    expect(
      applyEdits(
        text,
        groups.map((group) => toEdit("index.ts", text, group)),
      ),
    ).to.equal(
      [
        'const site = new aws.s3.Bucket("site");',
        'new aws.s3.BucketPublicAccessBlock("siteAccessBlock", {',
        "  bucket: site.id,",
        "  blockPublicAcls: true,",
        "});",
        "use(site);",
        "",
      ].join("\r\n"),
    );
  });
});

describe("the call at a position", () => {
  const at = (text: string, line: number, column?: number, name = "site"): string | undefined => {
    const source = parse(text, "javascript");
    const call = callAt(
      source,
      { line, ...(column === undefined ? {} : { column }) },
      { type: BUCKET, name },
    );
    return call && text.slice(call.from, call.open);
  };

  it("is a new where it begins", () => {
    expect(at('const a = new s3.Bucket("site");', 1, 11)).to.equal("new s3.Bucket");
  });
  it("is a method's where its name is", () => {
    expect(at('teams.map((t) => new s3.Bucket("site"));', 1, 7)).to.equal("teams.map");
  });
  it("is a function's that is called at once where the bracket is", () => {
    expect(at('(() => {\n  new s3.Bucket("site");\n})();', 3, 3)).to.equal(
      '(() => {\n  new s3.Bucket("site");\n})',
    );
  });
  it("is a super where it begins", () => {
    expect(at('class A extends B { constructor() {\n super("site"); } }', 2, 2)).to.equal("super");
  });
  it("isn't there in an import, behind the end of a line, nor of the file", () => {
    const text = 'import { Bucket } from "@pulumi/aws/s3/bucket";\nnew Bucket("site");\n';
    expect([at(text, 1, 58), at(text, 1, 20), at(text, 9, 1)]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
