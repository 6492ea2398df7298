"""The service: the engine over a store; durable, exactly once, in the order of arrival."""
