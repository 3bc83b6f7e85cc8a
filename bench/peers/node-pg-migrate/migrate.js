'use strict';
// node-pg-migrate, all databases in one process. It reads its scripts from a directory each time.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { runner } = require('node-pg-migrate');

let directory;
function scriptsIn(scripts) {
  if (!directory) {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'node-pg-migrate-'));
    for (const script of scripts) {
      fs.writeFileSync(path.join(directory, `${script.name.replace('__', '_')}.sql`), `-- Up Migration\n${script.sql}`);
    }
  }
  return directory;
}

require('../workers.js')((databaseUrl, scripts) => runner({
  databaseUrl,
  dir: scriptsIn(scripts),
  direction: 'up',
  migrationsTable: 'pgmigrations',
  singleTransaction: false,
  log: () => {},
}));
