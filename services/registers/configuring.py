"""Which registers this installation asks, from its own settings."""

from services.config import Config
from services.registers.absent import absent_registers
from services.registers.demo import demo_registers
from services.registers.ports import Registers


def open_registers(config: Config) -> Registers:
    return demo_registers(config.organisations) if config.demo else absent_registers()
