'use strict';
// A few databases at a time; prints how long all of them took.
const fs = require('fs');

module.exports = async function run(migrate) {
  const work = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  const scripts = fs.readdirSync(work.scripts).sort().map((file) => ({
    name: file.slice(1, -'.sql'.length),
    sql: fs.readFileSync(`${work.scripts}/${file}`, 'utf8'),
  }));
  const queue = [...work.databases];
  const worker = async () => {
    for (let database = queue.shift(); database; database = queue.shift()) {
      await migrate({
        host: work.host, port: work.port, user: work.user, password: work.password, database,
      }, scripts);
    }
  };
  const start = process.hrtime.bigint();
  await Promise.all(Array.from({ length: work.concurrency }, worker));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ seconds }));
};
