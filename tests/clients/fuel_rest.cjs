// Speaks to the service by npm's fuel-rest: defines a programme, queues an MO, reads its history.
const FuelRest = require("fuel-rest");

const { url, id, secret, definition, queued } = JSON.parse(process.argv[2]);
const client = new FuelRest({
  auth: { clientId: id, clientSecret: secret, authUrl: `${url}/v1/requestToken` },
  origin: url,
});

async function converse() {
  const defined = await client.post({ uri: "/sms/v1/message/optin", json: definition });
  const taken = await client.post({ uri: "/sms/v1/queueMO", json: queued });
  const { identifier } = taken.body.results[0];
  const history = await client.get({ uri: `/sms/v1/queueMO/history/${identifier}`, json: true });
  return [defined.body, taken.body, history.body];
}

converse().then((told) => console.log(JSON.stringify(told)));
