// Builds what pages load into ../static/dist, each file named by its content, with a manifest that says which is which.

import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const EVERY_PAGE = ["styles/site.css", "scripts/page.ts"];
const KILOBYTES_MAX = 20;

export default defineConfig({
  base: "/static/dist/",
  publicDir: false,
  plugins: [budget()],
  worker: { format: "es" },
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    assetsDir: ".",
    assetsInlineLimit: 0,
    manifest: "manifest.json",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: [...EVERY_PAGE, "styles/design.css", "scripts/log-idea.ts", "scripts/offline.ts", "scripts/passkeys.ts", "scripts/past.ts", "scripts/picker.ts", "scripts/service-worker.ts", "scripts/work.ts"],
      // htmx can evaluate texts; we switch that off, and the policy of pages forbids it.
      checks: { eval: false },
    },
  },
});

// What every page loads besides its faces has a budget, in packed bytes; a board with its cards has one in tests/web.
function budget(): Plugin {
  return {
    name: "budget",
    writeBundle(_, bundle) {
      let packed = 0;
      for (const file of Object.values(bundle)) {
        const source = file.type === "asset" ? file.originalFileNames[0] : file.isEntry ? file.facadeModuleId : null;
        if (!EVERY_PAGE.some((name) => source?.endsWith(name))) continue;
        packed += gzipSync(file.type === "asset" ? file.source : file.code, { level: 5 }).length;
      }
      const size = (packed / 1024).toFixed(1);
      if (packed > KILOBYTES_MAX * 1024) {
        this.error(
          `Every page would load ${size} KB of styles and scripts, which is more than the ${KILOBYTES_MAX} KB allowed: take something out, or load it only where it is used.`,
        );
      }
      this.info(`Every page loads ${size} KB of styles and scripts (of ${KILOBYTES_MAX}).`);
    },
  };
}
