"""`findspark`: there is no Spark to find, and none is needed."""


def init(spark_home=None, python_path=None, edit_rc=False, edit_profile=False):
    pass


def find():
    return "/millrace"


def add_packages(packages):
    pass


def add_jars(jars):
    pass
