// Usage: node precompress.mjs <folder>. Prints one line per file that was compressed, and the total over the wire.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = new Set(
  [".css", ".html", ".ico", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest", ".xml"],
);

// How distances are written, by which the same code comes out up to a hundredth smaller: which way suits it has to be tried.
const DISTANCES = [
  [0, 0],
  [1, 30],
  [2, 0],
];

const brotli = (bytes, isText) =>
  (isText ? DISTANCES.slice(0, 1) : DISTANCES)
    .map(([postfix, direct]) =>
      brotliCompressSync(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          [constants.BROTLI_PARAM_MODE]: isText ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
          [constants.BROTLI_PARAM_NDIRECT]: direct,
        },
      }),
    )
    .reduce((best, other) => (other.length < best.length ? other : best));

const filesIn = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const dist = process.argv[process.argv.length - 1];
let total = 0;
for (const path of filesIn(dist).filter((path) => COMPRESSIBLE.has(extname(path)))) {
  const bytes = readFileSync(path);
  const br = brotli(bytes, extname(path) !== ".wasm");
  const gz = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  // A server that finds no compressed file sends the plain one.
  if (br.length < bytes.length) writeFileSync(`${path}.br`, br);
  if (gz.length < bytes.length) writeFileSync(`${path}.gz`, gz);
  total += Math.min(br.length, bytes.length);
  console.log(`${relative(dist, path)}: ${kilobytes(bytes.length)}, gz ${kilobytes(gz.length)}, br ${kilobytes(br.length)}`);
}
console.log(`together over the wire (Brotli): ${kilobytes(total)}`);
