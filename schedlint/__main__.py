"""`python -m schedlint` is `schedlint`."""

from schedlint.cli import main

if __name__ == "__main__":
    main()
