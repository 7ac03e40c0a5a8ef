/* As the build does, gives a style sheet as text to the code that a test loads. */
const { readFileSync } = require("node:fs");
const { _extensions: loaders } = require("node:module");

loaders[".css"] = (loaded, file) => {
  loaded.exports = readFileSync(file, "utf8");
};
