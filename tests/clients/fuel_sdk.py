"""Speaks to the service by PyPI's Salesforce-FuelSDK: defines, queues an MO, reads its history.

Its REST calls need no SOAP; but it reads a description of SOAP when it starts, so it is
given an empty one instead of fetching MobileConnect's.
"""  # noqa: INP001 - it is run by itself, beside what pip installed.

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def converse(task: dict[str, Any]) -> list[object]:
    """Give what the service answers: the definition, the MO, its history."""
    # The client is there only where the script is run.
    client, rest = import_module("FuelSDK").ET_Client, import_module("FuelSDK.rest")
    url = task["url"]
    caller = client(
        params={
            "clientid": task["id"],
            "clientsecret": task["secret"],
            "authenticationurl": f"{url}/v1/requestToken?legacy=1",
            "baseapiurl": url,
            "wsdl_file_local_loc": str(Path(__file__).with_name("empty.wsdl")),
        }
    )
    defined = rest.ET_PostRest(caller, f"{url}/sms/v1/message/optin", task["definition"])
    taken = rest.ET_PostRest(caller, f"{url}/sms/v1/queueMO", task["queued"])
    identifier = taken.results["results"][0]["identifier"]
    history = rest.ET_GetRest(caller, f"{url}/sms/v1/queueMO/history/{identifier}", {})
    return [defined.results, taken.results, history.results]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(converse(json.loads(sys.argv[1]))))
