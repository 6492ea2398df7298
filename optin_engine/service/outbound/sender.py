"""Takes sends: subscribes whom the caller asks to, then keeps the send for the enqueuer."""

from optin_engine.service.outbound.orders import ContactOrder, ListOrder
from optin_engine.stores import Send


class Sender:
    """Sends of a service; `Service.sender` is one."""

    def to_contacts(self, order: ContactOrder) -> Send:
        """Send to some contacts.

        Raises:
            Unavailable: the store cannot keep it now.

        """
        raise NotImplementedError

    def to_lists(self, order: ListOrder) -> Send:
        """Send to the members of lists.

        Raises:
            Unavailable: the store cannot keep it now.

        """
        raise NotImplementedError
