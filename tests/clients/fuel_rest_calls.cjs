// Makes calls by npm's fuel-rest, one after another, and tells what each was answered.
const FuelRest = require("fuel-rest");

const { url, id, secret, calls } = JSON.parse(process.argv[2]);
const client = new FuelRest({
  auth: { clientId: id, clientSecret: secret, authUrl: `${url}/v1/requestToken` },
  origin: url,
});

async function make() {
  const answers = [];
  for (const { method, uri, json } of calls) {
    const { res, body } = await client[method]({ uri, json: json ?? true });
    answers.push({ status: res.statusCode, body });
  }
  return answers;
}

make().then((answers) => console.log(JSON.stringify(answers)));
