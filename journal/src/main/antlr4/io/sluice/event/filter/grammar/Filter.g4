// The filter language: the CloudEvents SQL expression language 1.0 (section 2, and the precedence of section 3.6), and
// what is more in Sluice: paths, decimal numbers, CONTAINS, MATCHES and REGEXP.
grammar Filter;

options { caseInsensitive = true; }

filter: expression EOF;

// AND, OR and XOR have one precedence, from left to right.
expression: comparison (logicOperator comparison)*;
logicOperator: AND | OR | XOR;

comparison: sum (comparisonOperator sum)*;
comparisonOperator: EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL;

sum: product (sumOperator product)*;
sumOperator: PLUS | MINUS;

product: tested (productOperator tested)*;
productOperator: STAR | SLASH | PERCENT;

tested: unary condition*;
condition
    : NOT? LIKE string                              # likeCondition
    | NOT? MATCHES string                           # matchesCondition
    | NOT? REGEXP string                            # regexpCondition
    | NOT? CONTAINS unary                           # containsCondition
    | NOT? IN LEFT expression (COMMA expression)* RIGHT # inCondition
    ;

unary
    : NOT unary                                     # notUnary
    | MINUS unary                                   # minusUnary
    | PLUS number                                   # plusUnary
    | EXISTS path                                   # existsUnary
    | functionName LEFT (expression (COMMA expression)*)? RIGHT # callUnary
    | LEFT expression RIGHT                         # groupUnary
    | literal                                       # literalUnary
    | path                                          # pathUnary
    ;

literal: TRUE | FALSE | number | string;
number: INTEGER | DECIMAL;
string: SINGLE_QUOTED | DOUBLE_QUOTED;

path: name step*;
step
    : DOT member                                    # memberStep
    | OPEN (INTEGER | string) CLOSE                 # bracketStep
    ;

// Words that CloudEvents SQL does not know stay usable as names of attributes.
name: WORD | CONTAINS | MATCHES | REGEXP;
member: WORD | INTEGER | AND | OR | XOR | NOT | LIKE | MATCHES | REGEXP | CONTAINS | IN | EXISTS | TRUE | FALSE;
functionName: WORD;

LEFT: '(';
RIGHT: ')';
OPEN: '[';
CLOSE: ']';
COMMA: ',';
DOT: '.';
STAR: '*';
SLASH: '/';
PERCENT: '%';
PLUS: '+';
MINUS: '-';
EQUAL: '=';
NOT_EQUAL: '!=' | '<>';
LESS_OR_EQUAL: '<=';
LESS: '<';
GREATER_OR_EQUAL: '>=';
GREATER: '>';

AND: 'AND';
OR: 'OR';
XOR: 'XOR';
NOT: 'NOT';
LIKE: 'LIKE';
MATCHES: 'MATCHES';
REGEXP: 'REGEXP';
CONTAINS: 'CONTAINS';
IN: 'IN';
EXISTS: 'EXISTS';
TRUE: 'TRUE';
FALSE: 'FALSE';

INTEGER: [0-9]+;
DECIMAL: [0-9]+ '.' [0-9]+ ('E' [+-]? [0-9]+)?;
WORD: [A-Z0-9_]+;
SINGLE_QUOTED: '\'' ('\\' . | '\'\'' | ~['\\])* '\'';
DOUBLE_QUOTED: '"' ('\\' . | '""' | ~["\\])* '"';
SPACE: [ \t\r\n]+ -> skip;

// So that the parser, which knows what it expected, reports what nothing else takes.
UNCLOSED: '\'' ('\\' . | ~['\\])* | '"' ('\\' . | ~["\\])*;
OTHER: .;
