"""FastAPI with stock `eventsourcing`: what its documentation leads to, on one uvicorn process."""

import sys
from contextlib import closing
from typing import Annotated
from uuid import UUID

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field

from tests.benchmarks.baselines import stock


class Message(BaseModel):
    text: Annotated[str, Field(min_length=1, max_length=10_000)]


class Written(BaseModel):
    case: UUID
    version: int


def create_app(cases: stock.Cases) -> FastAPI:
    app = FastAPI()

    @app.post("/cases/{case_id}/messages", status_code=201)
    def write_message(case_id: UUID, message: Message) -> Written:
        return Written(case=case_id, version=stock.write_to(cases, case_id, message.text))

    return app


def main(conninfo: str, port: int) -> None:
    with closing(stock.Cases(env=stock.environment(conninfo, create=False))) as cases:
        uvicorn.run(
            create_app(cases), host="127.0.0.1", port=port, log_level="warning", access_log=False
        )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
