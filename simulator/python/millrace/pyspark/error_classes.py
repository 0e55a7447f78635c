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
    "CANNOT_DETERMINE_TYPE": "Some of types cannot be determined after inferring.",
    "CANNOT_INFER_EMPTY_SCHEMA": "Can not infer schema from empty dataset.",
    "CANNOT_INFER_SCHEMA_FOR_TYPE": "Can not infer schema for type: `<data_type>`.",
    "CANNOT_INFER_TYPE_FOR_FIELD": "Unable to infer the type of the field `<field_name>`.",
    "CANNOT_MERGE_TYPE": "Can not merge type `<data_type1>` and `<data_type2>`.",
    "CANNOT_SET_TOGETHER": "<arg_list> should not be set together.",
    "CANNOT_CONVERT_TYPE": "Cannot convert <from_type> into <to_type>.",
    "CANNOT_SPECIFY_RETURN_TYPE_FOR_UDF":
        "returnType can not be specified when `<arg_name>` is a user-defined function, but got <return_type>.",
    "COLUMN_IN_LIST": "`<func_name>` does not allow a Column in a list.",
    "DISALLOWED_TYPE_FOR_CONTAINER":
        "Argument `<arg_name>`(type: <arg_type>) should only contain a type in [<allowed_types>], got <return_type>",
    "HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN":
        "Function `<func_name>` should return Column, got <return_type>.",
    "INPUT_NOT_FULLY_CONSUMED": "pandas iterator UDF should exhaust the input iterator.",
    "INVALID_PANDAS_UDF": "Invalid function: <detail>",
    "INVALID_PANDAS_UDF_TYPE": "`<arg_name>` should be one the values from PandasUDFType, got <arg_type>",
    "INVALID_RETURN_TYPE_FOR_PANDAS_UDF":
        "Pandas UDF should return StructType for <eval_type>, got <return_type>.",
    "INVALID_UDF_EVAL_TYPE": "Eval type for UDF must be <eval_type>.",
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
    "NOT_CALLABLE": "Argument `<arg_name>` should be a callable, got <arg_type>.",
    "NOT_COLUMN": "Argument `<arg_name>` should be a Column, got <arg_type>.",
    "NOT_COLUMN_OR_FLOAT_OR_INT_OR_LIST_OR_STR":
        "Argument `<arg_name>` should be a column, float, integer, list or string, got <arg_type>.",
    "NOT_COLUMN_OR_INT_OR_STR": "Argument `<arg_name>` should be a Column, int or str, got <arg_type>.",
    "NOT_COLUMN_OR_STR": "Argument `<arg_name>` should be a Column or str, got <arg_type>.",
    "NOT_DATATYPE_OR_STR": "Argument `<arg_name>` should be a DataType or str, got <arg_type>.",
    "NOT_DICT": "Argument `<arg_name>` should be a dict, got <arg_type>.",
    "NOT_FLOAT_OR_INT": "Argument `<arg_name>` should be a float or int, got <arg_type>.",
    "NOT_IMPLEMENTED": "<feature> is not implemented.",
    "NOT_INT": "Argument `<arg_name>` should be an int, got <arg_type>.",
    "NOT_INT_OR_SLICE_OR_STR": "Argument `<arg_name>` should be an int, slice or str, got <arg_type>.",
    "NOT_LIST_OF_COLUMN": "Argument `<arg_name>` should be a list[Column].",
    "NOT_LIST_OF_FLOAT_OR_INT": "Argument `<arg_name>` should be a list[float, int], got <arg_type>.",
    "NOT_LIST_OF_STR": "Argument `<arg_name>` should be a list[str], got <arg_type>.",
    "NOT_LIST_OR_NONE_OR_STRUCT": "Argument `<arg_name>` should be a list, None or StructType, got <arg_type>.",
    "NOT_LIST_OR_STR_OR_TUPLE": "Argument `<arg_name>` should be a list, str or tuple, got <arg_type>.",
    "NOT_LIST_OR_TUPLE": "Argument `<arg_name>` should be a list or tuple, got <arg_type>.",
    "NOT_SAME_TYPE":
        "Argument `<arg_name1>` and `<arg_name2>` should be the same type, got <arg_type1> and <arg_type2>.",
    "NOT_STR": "Argument `<arg_name>` should be a str, got <arg_type>.",
    "NOT_STR_OR_LIST_OF_RDD": "Argument `<arg_name>` should be a str or list[RDD], got <arg_type>.",
    "NOT_STR_OR_STRUCT": "Argument `<arg_name>` should be a str or structType, got <arg_type>.",
    "NOT_WINDOWSPEC": "Argument `<arg_name>` should be a WindowSpec, got <arg_type>.",
    "OUTPUT_EXCEEDS_INPUT_ROWS": "The Pandas SCALAR_ITER UDF outputs more rows than input rows.",
    "RESULT_LENGTH_MISMATCH_FOR_SCALAR_ITER_PANDAS_UDF": 
        "The length of output in Scalar iterator pandas UDF should be the same with the input's; however, the length of "
        "output was <output_length> and the length of input was <input_length>.",
    "SCHEMA_MISMATCH_FOR_PANDAS_UDF": 
        "Result vector from pandas_udf was not the required length: expected <expected>, got <actual>.",
    "SHOULD_NOT_DATAFRAME": "Argument `<arg_name>` should not be a DataFrame.",
    "TOO_MANY_VALUES": "Expected <expected> values for `<item>`, got <actual>.",
    "UDF_RETURN_TYPE": "Return type of the user-defined function should be <expected>, but is <actual>.",
    "UNEXPECTED_TUPLE_WITH_STRUCT": "Unexpected tuple <tuple> with StructType.",
    "UNSUPPORTED_DATA_TYPE": "Unsupported DataType `<data_type>`.",
    "UNSUPPORTED_LITERAL": "Unsupported Literal '<literal>'.",
    "UNSUPPORTED_NUMPY_ARRAY_SCALAR": "The type of array scalar '<dtype>' is not supported.",
    "UNSUPPORTED_PARAM_TYPE_FOR_HIGHER_ORDER_FUNCTION":
        "Function `<func_name>` should use only POSITIONAL or POSITIONAL OR KEYWORD arguments.",
    "UNSUPPORTED_SIGNATURE": "Unsupported signature: <signature>.",
    "VALUE_NOT_ANY_OR_ALL": "Value for `<arg_name>` must be 'any' or 'all', got '<arg_value>'.",
    "VALUE_NOT_PEARSON": "Value for `<arg_name>` only supports the 'pearson', got '<arg_value>'.",
    "VALUE_NOT_POSITIVE": "Value for `<arg_name>` must be positive, got '<arg_value>'.",
    "VALUE_OUT_OF_BOUND":
        "Value for `<arg_name>` must be greater than <lower_bound> or less than <upper_bound>, got <actual>",
    "WRONG_NUM_ARGS_FOR_HIGHER_ORDER_FUNCTION":
        "Function `<func_name>` should take between 1 and 3 arguments, but provided function takes <num_args>.",
    "WRONG_NUM_COLUMNS": "Function `<func_name>` should take at least <num_cols> columns.",
}
