"""`python -m gateway`: the one way in, for every process."""

from gateway.cli import app

if __name__ == "__main__":
    app(prog_name="python -m gateway")
