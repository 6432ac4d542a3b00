"""What an operator sets: the one reader of the environment, and the shape of the company's settings."""

from chalicelib.config.company import Company, company
from chalicelib.config.environment import CRMS, ENGINES, Environment, environment
from chalicelib.config.platforms import PlatformSettings

__all__ = ["CRMS", "ENGINES", "Company", "Environment", "PlatformSettings", "company", "environment"]
