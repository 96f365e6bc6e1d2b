import pytest

# The contract suite is no test module itself, and its asserts shall explain themselves too.
pytest.register_assert_rewrite("tests.workbooks.contract")
