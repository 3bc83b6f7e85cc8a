'use strict';
// knex, all databases in one process.
const knex = require('knex');

require('../workers.js')(async (connection, scripts) => {
  const db = knex({ client: 'pg', connection, pool: { min: 0, max: 1 } });
  try {
    await db.migrate.latest({
      migrationSource: {
        getMigrations: async () => scripts,
        getMigrationName: (script) => script.name,
        getMigration: async (script) => ({ up: (trx) => trx.raw(script.sql), down: async () => {} }),
      },
    });
  } finally {
    await db.destroy();
  }
});
