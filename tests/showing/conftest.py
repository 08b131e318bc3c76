import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def close():
    """Leave no figure open for the next test."""
    yield
    plt.close("all")
