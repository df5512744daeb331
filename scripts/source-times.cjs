// What the bundle is made from, and when it was last touched. CommonJS, since it runs at each start in a checkout.
"use strict";
const { readdirSync, statSync } = require("node:fs");

const others = ["package.json", "scripts/build.mjs"];

/** Files below a checkout that end up in the bundle, sorted. */
function listSources(root) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(`${root}/${folder}`, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|json|sh|css|html)$/.test(entry.name) && !/\.test(-data)?\.ts$/.test(entry.name)) found.push(path);
    }
  };
  walk("src");
  return [...found.sort((a, b) => (a < b ? -1 : 1)), ...others];
}

/** Names, sizes and times of those files as one text: equal where nothing was touched. */
function sourceTimes(root) {
  let text = "";
  for (const file of listSources(root)) {
    const { mtimeMs, size } = statSync(`${root}/${file}`);
    text += `${file} ${size} ${mtimeMs}\n`;
  }
  return text;
}

module.exports = { listSources, sourceTimes };
