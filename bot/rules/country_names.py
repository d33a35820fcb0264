"""What people call a country beside its English name: in its own languages, in everyday English, in old names.

`NAMES` has one country a line: its two letters, then its further names. The English name of each country is in
CLDR and in the library `holidays`, and is not repeated here.
"""

from __future__ import annotations

NAMES = """
AE UAE, U.A.E., Emirates, Dubai, Abu Dhabi, Al-Imarat, الإمارات العربية المتحدة, الإمارات
AF Islamic Republic of Afghanistan, افغانستان
AG Antigua
AL Shqipëri, Shqipëria
AM Hayastan, Հայաստան
AR Argentine Republic, Argentine
AT Österreich
AX Åland, Aland
AZ Azərbaycan, Азәрбајҹан
BA Bosnia, Bosnia-Herzegovina, BiH, Bosna i Hercegovina, Босна и Херцеговина
BD বাংলাদেশ
BE België, Belgique, Belgien
BG България
BH البحرين
BI Uburundi
BL St Barts, Saint Barts, Saint-Barthélemy
BN Brunei Darussalam, بروني
BO Plurinational State of Bolivia
BQ Bonaire, Sint Eustatius, Saba, BES Islands, Caribisch Nederland, Dutch Caribbean
BR Brasil
BS The Bahamas
BT འབྲུག, Druk
BY Беларусь, Белоруссия, Byelorussia, White Russia
CC Keeling Islands, Cocos
CD Congo, Congo-Kinshasa, DR Congo, DRC, Democratic Republic of the Congo, Democratic Republic of Congo, Zaire, \
République démocratique du Congo, RDC
CF CAR, République centrafricaine, Centrafrique, Ködörösêse tî Bêafrîka
CG Congo-Brazzaville, Republic of the Congo, République du Congo, Congo
CH Schweiz, Schwiiz, Suisse, Svizzera, Svizra, Helvetia, Confoederatio Helvetica
CI Ivory Coast, Côte d'Ivoire
CM Cameroun, Kamerun
CN Mainland China, PRC, People's Republic of China, 中国, 中國, 中华人民共和国
CV Cabo Verde, Cape Verde Islands
CW Kòrsou
CY Κύπρος, Kypros, Kıbrıs
CZ Czech Republic, Česko, Česká republika, Czech
DE Deutschland, Federal Republic of Germany, BRD
DJ جيبوتي
DK Danmark
DO República Dominicana, Dom Rep
DZ Algérie, الجزائر
EE Eesti
EG Misr, مصر
EH الصحراء الغربية
ER ኤርትራ, إريتريا
ES España, Espanya, Espainia
ET ኢትዮጵያ, Abyssinia
FI Suomi
FK Falklands, Malvinas, Islas Malvinas
FM Federated States of Micronesia, FSM
FO Føroyar, Faroes, Færøerne
FR Metropolitan France
GB UK, U.K., Britain, Great Britain, GBR, United Kingdom of Great Britain and Northern Ireland, \
Y Deyrnas Unedig
GE საქართველო, Sakartvelo
GF Guyane française, Guyane
GL Kalaallit Nunaat, Grønland
GM The Gambia
GN Guinée, Guinea Conakry
GQ Guinea Ecuatorial, Guinée équatoriale, Guiné Equatorial
GR Ελλάδα, Ellada, Hellas, Hellenic Republic
GW Guiné-Bissau
HK Hong Kong, HKSAR, 香港, 中國香港特別行政區
HR Hrvatska
HT Ayiti, Haïti
HU Magyarország
IE Éire, Republic of Ireland, Southern Ireland
IL ישראל, إسرائيل
IM Ellan Vannin, Man
IN Bharat, भारत
IO Chagos, Diego Garcia
IQ العراق
IR Persia, Islamic Republic of Iran, ایران
IS Ísland
IT Italia, Italien
JO الأردن
JP Nippon, Nihon, 日本
KG Киргизия, Кыргызстан, Kyrgyz Republic, Kirghizia
KH កម្ពុជា, Kampuchea
KM Comores, Komori, جزر القمر
KN St Kitts, Saint Kitts
KP DPRK, Democratic People's Republic of Korea, 조선민주주의인민공화국, 북한
KR Korea, ROK, Republic of Korea, 대한민국, 한국, Hanguk
KW الكويت
KZ Қазақстан, Казахстан, Qazaqstan
LA Lao PDR, Lao, Lao People's Democratic Republic, ລາວ
LB Liban, لبنان
LI Liächteschtäi
LK Ceylon, ශ්‍රී ලංකාව, இலங்கை
LT Lietuva
LU Lëtzebuerg, Luxemburg
LV Latvija
LY ليبيا
MA Maroc, Meṛṛuk, المغرب
MD Republica Moldova, Moldavia
ME Crna Gora, Црна Гора
MF St Martin, Saint-Martin
MG Madagasikara
MK Macedonia, Северна Македонија, FYROM, Republic of Macedonia
MM Burma, မြန်မာ
MN Монгол, Монгол Улс
MO Macau, Macao, 澳門, 澳门, 中國澳門特別行政區, Macau RAE da China, Região Administrativa Especial de Macau
MP Northern Marianas, Saipan, CNMI
MR موريتانيا
MU Maurice, Île Maurice
MV ދިވެހި ރާއްޖެ
MX México, United Mexican States
MZ Moçambique
NC Nouvelle-Calédonie
NG Nàìjíríà
NL Nederland, Holland
NO Norge, Noreg
NP नेपाल
NZ Aotearoa
OM عُمان, عمان
PF Polynésie française, Tahiti
PG PNG, Papua Niugini
PH Pilipinas, Philippine Islands
PK پاکستان
PL Polska
PM Saint-Pierre-et-Miquelon, St Pierre
PN Pitcairn
PS Palestine, State of Palestine, West Bank, الأراضي الفلسطينية, فلسطين
PY Paraguái, Paraguai
QA قطر
RE La Réunion
RO România
RS Srbija, Србија
RU Россия, Russian Federation, Rossiya
RW U Rwanda
SA KSA, Saudi, السعودية, المملكة العربية السعودية
SD السودان
SE Sverige
SG Singapura, 新加坡, சிங்கப்பூர்
SH Saint Helena, Ascension, Tristan da Cunha, Saint Helena Ascension and Tristan da Cunha
SI Slovenija
SJ Svalbard og Jan Mayen, Svalbard, Jan Mayen, Spitsbergen
SK Slovensko, Slovak Republic
SM Sammarino
SN Senegaal, Sénégal
SO Soomaaliya, الصومال
ST Sao Tome, São Tomé e Príncipe
SV Salvador
SX Saint Maarten, St Maarten
SY Syrian Arab Republic, سوريا
SZ Swaziland, eSwatini
TC Turks and Caicos
TD Tchad, تشاد
TF French Southern and Antarctic Lands, Terres australes françaises, TAAF
TH ไทย, ประเทศไทย, Siam, Prathet Thai
TJ Тоҷикистон, Таджикистан
TL East Timor, Timor-Lorosae
TM Türkmenistan, Туркменистан
TN Tunisie, تونس
TR Turkey, Turkiye
TT Trinidad, Tobago
TW 台灣, 台湾, 臺灣, Taiwan ROC, Republic of China, Chinese Taipei, Formosa
TZ United Republic of Tanzania, Tanganyika, Zanzibar
UA Україна, Украина, Ukraina
UM US Minor Outlying Islands, U.S. Outlying Islands
US USA, U.S.A., U.S., America, United States of America, the States, Estados Unidos
UZ Oʻzbekiston, Ўзбекистон, Узбекистан
VA Vatican, Holy See, Città del Vaticano, Status Civitatis Vaticanae
VC St Vincent, Saint Vincent, Saint Vincent and the Grenadines
VE Bolivarian Republic of Venezuela
VG BVI, Virgin Islands, Virgin Islands British
VI USVI, Virgin Islands, US Virgin Islands, Virgin Islands US
VN Việt Nam, Viet Nam
WF Wallis-et-Futuna, Wallis
WS Western Samoa, Sāmoa
XK Kosovë, Kosova, Косово
YE اليمن
ZA RSA, Suid-Afrika, iNingizimu Afrika, Mzantsi Afrika, Afrika Borwa
"""
