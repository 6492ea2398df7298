// Speaks to the service by npm's sfmc-sdk: defines a programme, queues an MO, reads its history.
import SDK from "sfmc-sdk";

const { url, id, secret, definition, queued } = JSON.parse(process.argv[2]);

// The client insists that a tenant's address stands in the URL, and adds `/v2/token` to it.
const tenant = `https://${"mc".padEnd(28, "0")}.auth.marketingcloudapis.com/`;
const client = new SDK({
  client_id: id,
  client_secret: secret,
  account_id: 1,
  auth_url: `${url}/${tenant}`,
  scope: ["sms_read", "sms_write", "sms_send"],
});

const defined = await client.rest.post("/sms/v1/message/optin", definition);
const taken = await client.rest.post("/sms/v1/queueMO", queued);
const { identifier } = taken.results[0];
const history = await client.rest.get(`/sms/v1/queueMO/history/${identifier}`);
console.log(JSON.stringify([defined, taken, history]));
