"""The messages of the error classes that PySpark's own code raises."""

MESSAGES = {
    "ARGUMENT_REQUIRED": "Argument `<arg_name>` is required when <condition>.",
    "CANNOT_APPLY_IN_FOR_COLUMN":
        "Cannot apply 'in' operator against a column: please use 'contains' in a string column or 'array_contains' "
        "function for an array column.",
    "CANNOT_ACCEPT_OBJECT_IN_TYPE": "`<data_type>` can not accept object `<obj_name>` in type `<obj_type>`.",
    "CANNOT_BE_EMPTY": "At least one <item> must be specified.",
    "CANNOT_BE_NONE": "Argument `<arg_name>` can not be None.",
    "CANNOT_CONVERT_COLUMN_INTO_BOOL":
        "Cannot convert column into bool: please use '&' for 'and', '|' for 'or', '~' for 'not' when building DataFrame "
        "boolean expressions.",
    "CANNOT_CONVERT_TYPE": "Cannot convert <from_type> into <to_type>.",
    "CANNOT_DETERMINE_TYPE": "Some of types cannot be determined after inferring.",
    "CANNOT_INFER_EMPTY_SCHEMA": "Can not infer schema from empty dataset.",
    "CANNOT_INFER_SCHEMA_FOR_TYPE": "Can not infer schema for type: `<data_type>`.",
    "CANNOT_INFER_TYPE_FOR_FIELD": "Unable to infer the type of the field `<field_name>`.",
    "CANNOT_MERGE_TYPE": "Can not merge type `<data_type1>` and `<data_type2>`.",
    "CANNOT_SET_TOGETHER": "<arg_list> should not be set together.",
    "DISALLOWED_TYPE_FOR_CONTAINER":
        "Argument `<arg_name>`(type: <arg_type>) should only contain a type in [<allowed_types>], got <return_type>",
    "LENGTH_SHOULD_BE_THE_SAME":
        "<arg1> and <arg2> should be of the same length, got <arg1_length> and <arg2_length>.",
    "MIXED_TYPE_REPLACEMENT": "Mixed type replacements are not supported.",
    "NEGATIVE_VALUE": "Value for `<arg_name>` must be greater than or equal to 0, got '<arg_value>'.",
    "NOT_BOOL": "Argument `<arg_name>` should be a bool, got <arg_type>.",
    "NOT_BOOL_OR_DICT_OR_FLOAT_OR_INT_OR_LIST_OR_STR_OR_TUPLE":
        "Argument `<arg_name>` should be a bool, dict, float, int, str or tuple, got <arg_type>.",
    "NOT_BOOL_OR_DICT_OR_FLOAT_OR_INT_OR_STR":
        "Argument `<arg_name>` should be a bool, dict, float, int or str, got <arg_type>.",
    "NOT_BOOL_OR_FLOAT_OR_INT": "Argument `<arg_name>` should be a bool, float or str, got <arg_type>.",
    "NOT_BOOL_OR_FLOAT_OR_INT_OR_LIST_OR_NONE_OR_STR_OR_TUPLE":
        "Argument `<arg_name>` should be a bool, float, int, list, None, str or tuple, got <arg_type>.",
    "NOT_COLUMN": "Argument `<arg_name>` should be a Column, got <arg_type>.",
    "NOT_COLUMN_OR_FLOAT_OR_INT_OR_LIST_OR_STR":
        "Argument `<arg_name>` should be a column, float, integer, list or string, got <arg_type>.",
    "NOT_COLUMN_OR_INT_OR_STR": "Argument `<arg_name>` should be a Column, int or str, got <arg_type>.",
    "NOT_COLUMN_OR_STR": "Argument `<arg_name>` should be a Column or str, got <arg_type>.",
    "NOT_DATATYPE_OR_STR": "Argument `<arg_name>` should be a DataType or str, got <arg_type>.",
    "NOT_DICT": "Argument `<arg_name>` should be a dict, got <arg_type>.",
    "NOT_FLOAT_OR_INT": "Argument `<arg_name>` should be a float or int, got <arg_type>.",
    "NOT_INT": "Argument `<arg_name>` should be an int, got <arg_type>.",
    "NOT_INT_OR_SLICE_OR_STR": "Argument `<arg_name>` should be an int, slice or str, got <arg_type>.",
    "NOT_LIST_OF_COLUMN": "Argument `<arg_name>` should be a list[Column].",
    "NOT_LIST_OF_FLOAT_OR_INT": "Argument `<arg_name>` should be a list[float, int], got <arg_type>.",
    "NOT_LIST_OF_STR": "Argument `<arg_name>` should be a list[str], got <arg_type>.",
    "NOT_LIST_OR_NONE_OR_STRUCT": "Argument `<arg_name>` should be a list, None or StructType, got <arg_type>.",
    "NOT_LIST_OR_STR_OR_TUPLE": "Argument `<arg_name>` should be a list, str or tuple, got <arg_type>.",
    "NOT_LIST_OR_TUPLE": "Argument `<arg_name>` should be a list or tuple, got <arg_type>.",
    "NOT_STR": "Argument `<arg_name>` should be a str, got <arg_type>.",
    "NOT_STR_OR_LIST_OF_RDD": "Argument `<arg_name>` should be a str or list[RDD], got <arg_type>.",
    "NOT_STR_OR_STRUCT": "Argument `<arg_name>` should be a str or structType, got <arg_type>.",
    "SHOULD_NOT_DATAFRAME": "Argument `<arg_name>` should not be a DataFrame.",
    "TOO_MANY_VALUES": "Expected <expected> values for `<item>`, got <actual>.",
    "UNEXPECTED_TUPLE_WITH_STRUCT": "Unexpected tuple <tuple> with StructType.",
    "UNSUPPORTED_DATA_TYPE": "Unsupported DataType `<data_type>`.",
    "VALUE_NOT_ANY_OR_ALL": "Value for `<arg_name>` must be 'any' or 'all', got '<arg_value>'.",
    "VALUE_NOT_PEARSON": "Value for `<arg_name>` only supports the 'pearson', got '<arg_value>'.",
    "VALUE_NOT_POSITIVE": "Value for `<arg_name>` must be positive, got '<arg_value>'.",
    "VALUE_OUT_OF_BOUND":
        "Value for `<arg_name>` must be greater than <lower_bound> or less than <upper_bound>, got <actual>",
}
