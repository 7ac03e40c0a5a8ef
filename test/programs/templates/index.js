"use strict";
// A stack for each of the templates in a file, by their names.
const { Stack } = require("@pulumi/aws/cloudformation/stack");
const { readFileSync } = require("node:fs");

const templates = JSON.parse(readFileSync(process.env.TEMPLATES, "utf8"));
for (const [name, templateBody] of Object.entries(templates)) new Stack(name, { templateBody });
