"""Tells setuptools the one thing that pyproject.toml cannot say: a second root.

Every package below ``ragdesk`` is found by itself; the folder ``assets`` beside it is installed as
``ragdesk.assets``. Package finding and a package from another folder exclude each other in
pyproject.toml, so that this one fact of packaging stands here.
"""

from setuptools import find_namespace_packages, find_packages, setup

# setuptools takes each folder of data for a package, and warns where one is not named.
ASSETS = [
    "ragdesk.assets",
    *(
        f"ragdesk.assets.{name}"
        for name in find_namespace_packages("assets", exclude=["*__pycache__*"])
    ),
]

setup(
    packages=[*find_packages(include=["ragdesk", "ragdesk.*"]), *ASSETS],
    package_dir={"ragdesk.assets": "assets"},
    package_data={"ragdesk": ["py.typed"], "ragdesk.store": ["*.sql"], "ragdesk.assets": ["**/*"]},
    exclude_package_data={"": ["__pycache__/*", "*.pyc"]},
)
