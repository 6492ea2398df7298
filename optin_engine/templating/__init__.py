"""Templates: texts with `%%Attribute%%`, `%%= expression =%%` and `%%[ statements ]%%`.

`template` compiles and renders one, `message` makes what it can look at. `tokens`, `cursor`,
`expressions` and `parsing` read it; `values`, `dates` and `functions` are what it works with;
`evaluation` bounds it; `reference` explains all of it. Nothing here touches anything but the
context that it is given: HTTPGet is a function that the caller hands in, `service.fetching` has
it.
"""

from optin_engine.templating.errors import TemplateError
from optin_engine.templating.message import message_context
from optin_engine.templating.template import Template, compile_template

__all__ = ["Template", "TemplateError", "compile_template", "message_context"]
