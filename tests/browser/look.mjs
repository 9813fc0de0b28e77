// Opens pages in Chromium, light and dark, and prints what axe finds there as JSON.
// node look.mjs MODULES CHROMIUM SHOTS|- URL...
// A request that does not stay on this machine is aborted and told.
import { createRequire } from "node:module";

const [modules, executablePath, shots, ...urls] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const LOCAL = new Set(["127.0.0.1", "localhost", "[::1]"]);

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const found = [];
for (const colorScheme of ["light", "dark"]) {
  const context = await browser.newContext({
    colorScheme, bypassCSP: true, viewport: { width: 1100, height: 1300 },
  });
  for (const url of urls) {
    const page = await context.newPage();
    const outside = [];
    await page.route("**/*", (route) => {
      const to = new URL(route.request().url());
      if (to.protocol === "data:" || LOCAL.has(to.hostname)) return route.continue();
      outside.push(to.hostname);
      return route.abort();
    });
    await page.goto(url);
    if (shots !== "-") {
      const name = url.split("/").pop().replace(/\.html$/, "");
      await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png` });
    }
    await page.evaluate(axe);
    const seen = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), LEVELS);
    found.push({
      url, colorScheme, outside, passes: seen.passes.length,
      violations: seen.violations.map((v) => ({
        id: v.id, impact: v.impact, nodes: v.nodes.map((n) => n.html.slice(0, 200)),
      })),
    });
    await page.close();
  }
  await context.close();
}
await browser.close();
console.log(JSON.stringify(found));
