"""`python -m optin_engine` is `optin-engine`."""

from optin_engine.cli import main

if __name__ == "__main__":
    main()
