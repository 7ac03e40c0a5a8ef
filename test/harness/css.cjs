/* As the build does, gives a page and its style sheet as text to the code that a test loads. */
const { readFileSync } = require("node:fs");
const { _extensions: loaders } = require("node:module");

loaders[".css"] = loaders[".html"] = (loaded, file) => {
  loaded.exports = readFileSync(file, "utf8");
};
